"""Reads on the tree: what a page of the tree, of one node, of its posts and of terms shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left, Length

from .duties import Post
from .models import (
    Affiliation,
    Appointment,
    Organization,
    OrganizationLink,
    OrganizationStatus,
    Standing,
    standing_on,
)
from .rules import LONGEST_TERM_YEARS, TERM_YEARS, BranchFacts, Finding, branch_findings, latest_start

# A tree up to this size is drawn whole; a larger one two levels at a time.
WHOLE_TREE = 400
LEVELS = 2
# Who sits on the committee of a branch (ZB ch. 6).
COMMITTEE_POSTS = frozenset(
    {
        Post.SECRETARY,
        Post.DEPUTY_SECRETARY,
        Post.ORGANIZATION_COMMISSIONER,
        Post.PUBLICITY_COMMISSIONER,
        Post.DISCIPLINE_COMMISSIONER,
        Post.UNITED_FRONT_COMMISSIONER,
        Post.YOUTH_COMMISSIONER,
        Post.COMMITTEE_MEMBER,
    }
)


@dataclass(slots=True)
class TreeRow:
    """One node of a drawn tree: whether it opens a list of children, and how many lists end after it.

    ``people`` counts who belongs there and below; ``None`` where the reader may not see people.
    """

    node: Organization
    secretary: str = ""
    opens: bool = False
    closes: list[None] = field(default_factory=list)
    has_more: bool = False
    people: int | None = None


def tree_rows(
    nodes: QuerySet[Organization], *, top: Organization | None, on: date, people_under: Iterable[str] = ()
) -> list[TreeRow]:
    """Return the tree under ``top`` (or all of it) in drawing order, as of a day.

    ``people_under`` are the paths under which people are counted. Two queries, one more for a large tree and one more
    when people are counted.
    """
    if top is not None:
        nodes = nodes.below(top)
    nodes = nodes.order_by("path")
    found = list(nodes[: WHOLE_TREE + 1])
    is_cut = len(found) > WHOLE_TREE
    if is_cut:
        found = list(nodes.filter(depth__lte=(top.depth if top else 1) + LEVELS - 1))
    secretaries = secretaries_of(found, on=on)
    people_under = tuple(people_under)
    people = _people_by_path(people_under, on=on) if people_under else {}
    rows = [TreeRow(node, secretaries.get(node.pk, "")) for node in found]
    for index, row in enumerate(rows):
        following = rows[index + 1] if index + 1 < len(rows) else None
        row.opens = following is not None and following.node.path.startswith(row.node.path)
        row.has_more = is_cut and not row.opens and row.node.numchild > 0
        base = found[0].depth if following is None else following.node.depth
        if not row.opens:
            row.closes = [None] * (row.node.depth - base)
        if row.node.path.startswith(people_under):
            row.people = people.get(row.node.path, 0)
    return rows


def _people_by_path(paths: Iterable[str], *, on: date) -> dict[str, int]:
    """Count the people on each node and below it, for the nodes under ``paths``."""
    under = Q(pk__in=[])
    for path in paths:
        under |= Q(organization__path__startswith=path)
    counts: dict[str, int] = {}
    here = Affiliation.objects.on(on).filter(under).order_by()
    for path, people in here.values_list("organization__path").annotate(people=Count("pk")):
        for end in range(Organization.steplen, len(path) + 1, Organization.steplen):
            counts[path[:end]] = counts.get(path[:end], 0) + people
    return counts


@dataclass(frozen=True, slots=True)
class Around:
    """A node's page: the node, what lies above and directly below it, and who holds which post."""

    node: Organization
    above: list[Organization]
    children: list[tuple[Organization, str]]
    posts: list[Appointment]


def around(nodes: QuerySet[Organization], pk: int, *, on: date) -> Around | None:
    """Return what the page of the node ``pk`` of ``nodes`` shows as of a day, or ``None``: two queries.

    The node is marked with ``has_links`` when there is a merger or split to tell of.
    """
    # One statement finds the node by its key and its neighbors by its path, which only the database knows.
    here = Subquery(Organization.objects.filter(pk=pk).order_by().values("path")[:1])
    links = OrganizationLink.objects.filter(Q(earlier=OuterRef("pk")) | Q(later=OuterRef("pk")))
    found = list(
        nodes.alias(here=here)
        .filter(
            Q(path=Left("here", Length("path")))
            | (Q(here=Left("path", Length("path") - Organization.steplen)) & standing_on(on))
        )
        .annotate(has_links=Exists(links))
        .order_by("path")
    )
    node = next((node for node in found if node.pk == pk), None)
    if node is None:
        return None
    held = (
        Appointment.objects.as_of(on)
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
        node=node,
        above=[found for found in found if found.depth < node.depth],
        children=[(found, secretaries.get(found.pk, "")) for found in found if found.depth > node.depth],
        posts=posts,
    )


def links_of(node: Organization) -> list[OrganizationLink]:
    """Return what ``node`` was merged from or into and split from or into, earliest first."""
    links = OrganizationLink.objects.filter(Q(earlier=node) | Q(later=node))
    return list(links.select_related("earlier", "later").order_by("on", "pk"))


def posts_of(held: QuerySet[Appointment], node: Organization, *, on: date | None) -> QuerySet[Appointment]:
    """Narrow posts to those of ``node``, held on a day or ever; latest first."""
    held = held.filter(organization=node).select_related("user")
    if on is not None:
        held = held.on(on)
    return held.order_by("-since", "-pk")


def secretaries_of(nodes: Iterable[Organization], *, on: date) -> dict[int, str]:
    """Return the names of the secretaries by node."""
    held = Appointment.objects.as_of(on).filter(post=Post.SECRETARY, organization__in=[node.pk for node in nodes])
    names: dict[int, str] = {}
    for node_id, name in held.order_by("since", "pk").values_list("organization_id", "user__name"):
        names[node_id] = f"{names[node_id]}, {name}" if node_id in names else name
    return names


def standings_in(organization: Organization, *, on: date | None = None) -> list[tuple[str, Any, int]]:
    """Count the people on a node and below: code, label and number of each standing that occurs.

    Counted once for an instance and a day: several blocks of one page ask for it.
    """
    known: dict[date | None, dict[str, int]] = organization.__dict__.setdefault("_standings", {})
    if on not in known:
        here = Affiliation.objects.filter(organization__path__startswith=organization.path)
        here = here.filter(until=None) if on is None else here.on(on)
        known[on] = dict(here.order_by().values_list("standing").annotate(people=Count("pk")))
    return [(code, label, known[on][code]) for code, label in Standing.choices if known[on].get(code)]


def findings_on(shown: Around, *, on: date | None) -> list[Finding]:
    """Return what in a branch departs from the regulation, as of a day; nothing for nodes that are closed."""
    node = shown.node
    if not node.is_branch or node.status != OrganizationStatus.ACTIVE:
        return []
    counts = {code: count for code, _label, count in standings_in(node, on=on)}
    facts = BranchFacts(
        org_type=node.org_type,
        full_members=counts.get(Standing.FULL_MEMBER, 0),
        probationary_members=counts.get(Standing.PROBATIONARY, 0),
        committee_size=len({held.user_id for held in shown.posts if held.post in COMMITTEE_POSTS}),
        has_secretary=any(held.post == Post.SECRETARY for held in shown.posts),
    )
    return branch_findings(facts)


def terms_ending(nodes: QuerySet[Organization], *, by: date) -> list[Organization]:
    """Return the active ones of ``nodes`` whose term is over by a day, the earliest first: one query."""
    over = Q(pk__in=[])
    for years in range(1, LONGEST_TERM_YEARS + 1):
        start = latest_start(by, years)
        types = [org_type for org_type, usual in TERM_YEARS.items() if usual == years]
        if start is not None:
            over |= Q(term_started_on__lte=start) & (Q(term_years=years) | Q(term_years=None, org_type__in=types))
    found = nodes.filter(over, closed_on=None, status=OrganizationStatus.ACTIVE)
    return sorted(found, key=lambda node: (node.term_ends_on, node.path))
