"""Reads on the tree: what a page of the tree, of one node, of its posts and of terms shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Left, Length

from .duties import Post
from .models import (
    Affiliation,
    Appointment,
    Organization,
    OrganizationLink,
    OrganizationParent,
    OrganizationStatus,
    Standing,
    held_on,
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
    """Return the tree under ``top`` (or all of it) in drawing order, as it hung together on a day.

    ``people_under`` are the paths of today under which people are counted. Two queries, one more for a large tree and
    one more when people are counted.
    """
    nodes = nodes.placed(on).order_by()
    if top is not None:
        nodes = nodes.filter(path_then__startswith=path_on(top.pk, on))
    found = list(nodes[: WHOLE_TREE + 1])
    is_cut = len(found) > WHOLE_TREE
    if is_cut:
        below = OrganizationParent.objects.on(on).filter(parent=OuterRef("pk"), organization__in=_standing(on))
        levels = (LEVELS - 1) * OrganizationParent.STEP
        highest = Length(path_on(top.pk, on)) if top else Value(OrganizationParent.STEP)
        found = list(
            nodes.alias(length=Length("path_then"))
            .filter(length__lte=highest + levels)
            .annotate(had_below=Exists(below))
        )
    found = _drawn(found)
    secretaries = secretaries_of(found, on=on)
    people_under = tuple(people_under)
    people = _people_by_path(people_under, on=on) if people_under else {}
    rows = [TreeRow(node, secretaries.get(node.pk, "")) for node in found]
    for index, row in enumerate(rows):
        following = rows[index + 1] if index + 1 < len(rows) else None
        row.opens = following is not None and following.node.path_then.startswith(row.node.path_then)
        row.has_more = is_cut and not row.opens and row.node.had_below
        base = _depth(found[0]) if following is None else _depth(following.node)
        if not row.opens:
            row.closes = [None] * (_depth(row.node) - base)
        if row.node.path.startswith(people_under):
            row.people = people.get(row.node.path_then, 0)
    return rows


def path_on(pk: int, on: date) -> Subquery:
    """Return the path of a node on a day, to compare with ``path_then`` inside one statement."""
    return Subquery(OrganizationParent.objects.on(on).filter(organization=pk).values("path")[:1])


def _standing(on: date) -> QuerySet[Organization]:
    return Organization.objects.on(on).order_by().values("pk")


def _depth(node: Organization) -> int:
    return len(node.path_then) // OrganizationParent.STEP


def _drawn(found: Iterable[Organization]) -> list[Organization]:
    """Put placed nodes into the order of the tree on that day: siblings in the order in which they came there."""
    found = list(found)
    came = {node.pk: (node.since_then or date.min, node.pk) for node in found}
    never = (date.min, 0)
    return sorted(found, key=lambda node: [came.get(pk, never) for pk in OrganizationParent.keys_of(node.path_then)])


def _people_by_path(paths: Iterable[str], *, on: date) -> dict[str, int]:
    """Count the people on each node and below it as of a day, of the nodes that lie under ``paths`` today."""
    under = Q(pk__in=[])
    for path in paths:
        under |= Q(organization__path__startswith=path)
    counts: dict[str, int] = {}
    there = held_on(on, "organization__parents__")
    here = Affiliation.objects.on(on).filter(under).filter(there).order_by()
    for path, people in here.values_list("organization__parents__path").annotate(people=Count("pk")):
        for end in range(OrganizationParent.STEP, len(path) + 1, OrganizationParent.STEP):
            counts[path[:end]] = counts.get(path[:end], 0) + people
    return counts


@dataclass(frozen=True, slots=True)
class Around:
    """A node's page: the node, what lies above and directly below it, and who holds which post."""

    node: Organization
    above: list[Organization]
    children: list[tuple[Organization, str]]
    posts: list[Appointment]


def near(nodes: QuerySet[Organization], pk: int, *, on: date) -> QuerySet[Organization]:
    """Return those of ``nodes`` that the page of node ``pk`` shows as of a day: itself, what is above, its children.

    Each is marked with ``has_links`` when there is a merger or split to tell of.
    """
    # One statement finds the node by its key and its neighbors by its path, which only the database knows.
    links = OrganizationLink.objects.filter(Q(earlier=OuterRef("pk")) | Q(later=OuterRef("pk")))
    return (
        nodes.placed(on)
        .alias(here=path_on(pk, on))
        .filter(Q(path_then=Left("here", Length("path_then"))) | (Q(parent_then__parent=pk) & standing_on(on)))
        .annotate(has_links=Exists(links))
        .order_by()
    )


def around(nodes: Iterable[Organization], pk: int, *, on: date) -> Around | None:
    """Return what the page of the node ``pk`` shows as of a day, ``nodes`` being those ``near`` it; one query."""
    found = _drawn(nodes)
    node = next((node for node in found if node.pk == pk), None)
    if node is None:
        return None
    below = [found for found in found if len(found.path_then) > len(node.path_then)]
    held = (
        Appointment.objects.as_of(on)
        .filter(Q(organization=node) | Q(organization__in=[child.pk for child in below], post=Post.SECRETARY))
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
        above=[found for found in found if len(found.path_then) < len(node.path_then)],
        children=[(child, secretaries.get(child.pk, "")) for child in below],
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


def belonging(
    node: Organization, *, on: date | None = None, within: Iterable[str] | None = None
) -> QuerySet[Affiliation]:
    """Return who belonged to ``node`` and what hung below it on a day (``None``: who belongs there now).

    ``within`` keeps those in nodes that lie under these paths today: the part that a reader may see.
    """
    if on is None:
        return Affiliation.objects.filter(organization__path__startswith=node.path, until=None)
    there = OrganizationParent.objects.below(node, on).values("organization")
    here = Affiliation.objects.on(on).filter(organization__in=there)
    if within is not None:
        seen = Q(pk__in=[])
        for path in within:
            seen |= Q(organization__path__startswith=path)
        here = here.filter(seen)
    return here


def standings_in(
    organization: Organization, *, on: date | None = None, within: Iterable[str] | None = None
) -> list[tuple[str, Any, int]]:
    """Count the people on a node and below: code, label and number of each standing that occurs.

    Counted once for an instance, a day and what is seen: several blocks of one page ask for it.
    """
    asked = (on, None if on is None or within is None else tuple(sorted(within)))
    known: dict[tuple[Any, Any], dict[str, int]] = organization.__dict__.setdefault("_standings", {})
    if asked not in known:
        here = belonging(organization, on=on, within=asked[1])
        known[asked] = dict(here.order_by().values_list("standing").annotate(people=Count("pk")))
    return [(code, label, known[asked][code]) for code, label in Standing.choices if known[asked].get(code)]


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
