"""What the rows of ``facts`` say: what each node is, what it held, and what was waived."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from portal.organizations.models import Organization, OrganizationType

from ..engine.evaluate import Record, Talks, Unit
from ..kinds import DUTIES, MET_BY, DutyKind
from .facts import LEADER, MARK, MEMBERS, PART, PLANNED, POSTS, WAIVER

# So many hold a post of the committee where one was elected (domain.md 1.3).
COMMITTEE_SIZE = 3


def units_of(
    nodes: Sequence[Organization],
    rows: Mapping[str, list[tuple[Any, ...]]],
    committee_from: int,
    talks: Mapping[tuple[str, int], Talks],
) -> dict[int, Unit]:
    by_path = {node.path: node for node in nodes}
    members: dict[str, list[tuple[date, int]]] = defaultdict(list)
    people: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for _node, path, _more, day, number, students, _told in rows[MEMBERS]:
        members[path].append((day, number))
        people[path][0] += number
        people[path][1] += students
    posts: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for pk, _text, _more, day, number, _other, _told in rows[POSTS]:
        posts[pk].append((day, number))
    groups: dict[str, set[int]] = defaultdict(set)
    for node in nodes:
        if node.org_type == OrganizationType.GROUP and node.closed_on is None:
            groups[node.path[: -node.steplen]].add(node.pk)
    had: dict[str, dict[int, Talks]] = defaultdict(dict)
    for (path, year), tally in talks.items():
        had[path][year] = tally
    found = {}
    for node in nodes:
        branch = node.path
        if node.org_type == OrganizationType.GROUP and node.path[: -node.steplen] in by_path:
            branch = node.path[: -node.steplen]
        all_people, students = people[branch]
        days = (_reached(members[branch], committee_from), _reached(posts.get(node.pk, ()), COMMITTEE_SIZE))
        found[node.pk] = Unit(
            org_type=node.org_type,
            established_on=node.established_on,
            closed_on=node.closed_on,
            committee_since=min((day for day in days if day is not None), default=None),
            groups=frozenset(groups.get(node.path, ())),
            is_student=2 * students > all_people,
            talks=had.get(node.path, {}),
        )
    return found


def _reached(counted: Iterable[tuple[date, int]], wanted: int) -> date | None:
    """Return the day since which there are as many as wanted, or ``None``."""
    total = 0
    for day, number in sorted(counted):
        total += number
        if total >= wanted:
            return day
    return None


def records_of(nodes: Sequence[Organization], rows: Mapping[str, list[tuple[Any, ...]]]) -> dict[int, list[Record]]:
    besides: dict[int, set[str]] = defaultdict(set)
    for fact in rows[LEADER]:
        besides[fact[4]].add(DutyKind.LEADER_LECTURE)
    for _node, kind, _more, _day, part, *_rest in rows[MARK]:
        besides[part].add(kind)
    kinds: dict[int, set[str]] = defaultdict(set)
    sittings: dict[int, tuple[int, date, date | None, bool]] = {}
    for tag in (PART, PLANNED):
        for node, kind, _more, day, part, meeting, told in rows[tag]:
            sittings[meeting] = node, day, told, tag == PLANNED
            kinds[meeting].add(MET_BY[kind])
            kinds[meeting] |= besides.get(part, set())
    branches = {node.path: node.pk for node in nodes}
    above = {
        node.pk: branches.get(node.path[: -node.steplen])
        for node in nodes
        if node.org_type == OrganizationType.GROUP
    }
    found: dict[int, list[Record]] = defaultdict(list)
    for meeting, (pk, day, told, is_planned) in sittings.items():
        carried = frozenset(kinds[meeting])
        found[pk].append(Record(day, carried, meeting, None, told, is_planned))
        if branch := above.get(pk):
            found[branch].append(Record(day, carried, meeting, pk, told, is_planned))
    return found


def waivers_of(rows: Mapping[str, list[tuple[Any, ...]]]) -> dict[int, dict[tuple[str, str], int]]:
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for node, kind, period, _day, pk, *_rest in rows[WAIVER]:
        found[node][kind, period] = pk
    return found


def lectures_by_node(rows: Mapping[str, list[tuple[Any, ...]]]) -> dict[int, dict[int, int]]:
    """Return the lectures by node: key of the sitting, key of its part."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for node, kind, _more, _day, part, meeting, _told in rows[PART]:
        if kind == DUTIES[DutyKind.LEADER_LECTURE].meeting:
            found[node][meeting] = part
    return found
