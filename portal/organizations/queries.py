"""Reads on the tree: what a page of the tree, of one node, and of its posts shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from .duties import Post
from .models import Affiliation, Appointment, Organization, Standing

# A tree up to this size is drawn whole; a larger one two levels at a time.
WHOLE_TREE = 400
LEVELS = 2


@dataclass(slots=True)
class TreeRow:
    """One node of a drawn tree: whether it opens a list of children, and how many lists end after it."""

    node: Organization
    secretary: str = ""
    opens: bool = False
    closes: list[None] = field(default_factory=list)
    has_more: bool = False


def tree_rows(nodes: QuerySet[Organization], *, top: Organization | None, on: date) -> list[TreeRow]:
    """Return the tree under ``top`` (or all of it) in drawing order: two queries, three for a large tree."""
    if top is not None:
        nodes = nodes.below(top)
    nodes = nodes.order_by("path")
    found = list(nodes[: WHOLE_TREE + 1])
    if len(found) > WHOLE_TREE:
        found = list(nodes.filter(depth__lte=(top.depth if top else 1) + LEVELS - 1))
    secretaries = secretaries_of(found, on=on)
    rows = [TreeRow(node, secretaries.get(node.pk, "")) for node in found]
    for index, row in enumerate(rows):
        following = rows[index + 1] if index + 1 < len(rows) else None
        row.opens = following is not None and following.node.path.startswith(row.node.path)
        row.has_more = not row.opens and row.node.numchild > 0
        base = found[0].depth if following is None else following.node.depth
        if not row.opens:
            row.closes = [None] * (row.node.depth - base)
    return rows


@dataclass(frozen=True, slots=True)
class Around:
    """A node's page: what lies above and directly below it, and who holds which post."""

    above: list[Organization]
    children: list[tuple[Organization, str]]
    posts: list[Appointment]


def around(node: Organization, *, on: date) -> Around:
    """Return what the page of ``node`` shows: two queries."""
    step = Organization.steplen
    above = [node.path[:end] for end in range(step, len(node.path), step)]
    below = Q(path__startswith=node.path, depth=node.depth + 1, closed_on=None)
    nodes = list(Organization.objects.filter(Q(path__in=above) | below).order_by("path"))
    held = (
        Appointment.objects.in_force(on)
        .filter(
            Q(organization=node)
            | Q(organization__path__startswith=node.path, organization__depth=node.depth + 1, post=Post.SECRETARY)
        )
        .select_related("user")
        .order_by("since", "pk")
    )
    posts, secretaries = [], {}
    for appointment in held:
        if appointment.organization_id == node.pk:
            posts.append(appointment)
        else:
            secretaries[appointment.organization_id] = appointment.user.name
    order = list(Post)
    posts.sort(key=lambda appointment: order.index(Post(appointment.post)))
    return Around(
        above=[found for found in nodes if found.depth < node.depth],
        children=[(found, secretaries.get(found.pk, "")) for found in nodes if found.depth > node.depth],
        posts=posts,
    )


def posts_of(held: QuerySet[Appointment], node: Organization, *, on: date | None) -> QuerySet[Appointment]:
    """Narrow posts to those of ``node``, held on a day or ever; latest first."""
    held = held.filter(organization=node).select_related("user")
    if on is not None:
        held = held.on(on)
    return held.order_by("-since", "-pk")


def secretaries_of(nodes: Iterable[Organization], *, on: date) -> dict[int, str]:
    """Return the names of the secretaries by node."""
    held = Appointment.objects.in_force(on).filter(post=Post.SECRETARY, organization__in=[node.pk for node in nodes])
    names: dict[int, str] = {}
    for node_id, name in held.order_by("since", "pk").values_list("organization_id", "user__name"):
        names[node_id] = f"{names[node_id]}, {name}" if node_id in names else name
    return names


def standings_in(organization: Organization, *, on: date | None = None) -> list[tuple[str, Any, int]]:
    """Count the people on a node and below: code, label and number of each standing that occurs."""
    here = Affiliation.objects.filter(organization__path__startswith=organization.path)
    here = here.filter(until=None) if on is None else here.on(on)
    counts = dict(here.order_by().values_list("standing").annotate(people=Count("pk")))
    return [(code, label, counts.get(code, 0)) for code, label in Standing.choices if counts.get(code)]
