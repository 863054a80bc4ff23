"""Everything that the duties of some nodes follow from, read in two statements however many nodes and meetings.

The second statement is one UNION of rows of one shape (``_FACT``): the workbench of a secretary pays for it too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Left, Length, TruncDate
from django.db.models.lookups import In
from django.utils import timezone

from members.codes import STUDENT_KINDS, PersonKind
from members.meetings.models import AgendaItem, MeetingPart, MeetingState
from portal.organizations.duties import Post
from portal.organizations.models import (
    BRANCH_TYPES,
    Affiliation,
    Appointment,
    Organization,
    OrganizationStatus,
    OrganizationType,
    Standing,
)
from portal.organizations.queries import COMMITTEE_POSTS
from portal.rulesets.editions import edition_on
from portal.rulesets.models import RuleSetting
from portal.rulesets.values import RuleSet, merge

from ..engine.evaluate import LifeRules, Obligation, Record, Unit, obligations
from ..engine.periods import Period, Span
from ..kinds import DUTIES, MET_BY, NAMED, OWING_TYPES, DutyKind
from ..models import LectureMark, Waiver

REGULATION, ORGANIZATION = "organizational_life", "organization"
LEADERS = (Post.SECRETARY, Post.DEPUTY_SECRETARY)
STUDENTS = sorted(STUDENT_KINDS - {PersonKind.IN_SERVICE})
# So many hold a post of the committee where one was elected (domain.md 1.3).
COMMITTEE_SIZE = 3

Windows = Mapping[Span, tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Place:
    """Which nodes are read: those on or under ``paths``, or, ``exact``, those alone with their groups.

    ``keys`` are the nodes themselves once they are known: what hangs on them is found by their keys.
    """

    paths: tuple[str, ...]
    exact: bool = False
    keys: tuple[int, ...] | None = None

    def condition(self, prefix: str = "") -> Q:
        """Return the condition that the node at lookup ``prefix`` (``"organization__"``) is among them."""
        if self.keys is not None:
            return Q(**{f"{prefix}pk__in": self.keys})
        if self.exact:
            path = F(f"{prefix}path")
            above = In(Left(path, Length(path) - Organization.steplen), list(self.paths))
            return Q(**{f"{prefix}path__in": self.paths}) | Q(above, **{f"{prefix}org_type": OrganizationType.GROUP})
        found = Q(**{f"{prefix}pk__in": []})
        for start in self.paths:
            found |= Q(**{f"{prefix}path__startswith": start})
        return found

    def known(self, nodes: Iterable[Organization]) -> "Place":
        """Return the same place with its nodes known, where they are few."""
        return replace(self, keys=tuple(node.pk for node in nodes)) if self.exact else self


@dataclass(slots=True)
class Reading:
    """What was read: ``nodes`` by their place in the tree, and what the engine asks of each by its key."""

    on: date
    nodes: list[Organization]
    ruleset: RuleSet
    rules: LifeRules
    units: dict[int, Unit]
    records: Mapping[int, list[Record]]
    waivers: Mapping[int, Mapping[tuple[str, str], int]]
    parts: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def owed(
        self, node: Organization, first: date, last: date, kinds: Iterable[str] = tuple(DUTIES)
    ) -> list[Obligation]:
        """Return what a node owes in the periods between two days."""
        unit, pk = self.units[node.pk], node.pk
        records, waived = self.records.get(pk, ()), self.waivers.get(pk, {})
        return list(obligations(unit, records, waived, self.rules, first=first, last=last, on=self.on, kinds=kinds))

    def owed_now(self, node: Organization, day: date, kinds: Iterable[str] = tuple(DUTIES)) -> list[Obligation]:
        """Return what a node owes in the month, quarter and year of ``day``."""
        return self.owed(node, day, day, kinds)


def year_windows(first: int, last: int | None = None) -> Windows:
    """Return the windows in which all duties of some years lie."""
    whole = date(first, 1, 1), date(last or first, 12, 31)
    return dict.fromkeys(Span, whole)


def windows_of(first: date, last: date) -> Windows:
    """Return for each span the days of its periods that have a day between two days: no more is read."""
    return {span: (Period.of(span, first).first, Period.of(span, last).last) for span in Span}


def owing_nodes(place: Place, first: date, last: date) -> QuerySet[Organization]:
    """Return the nodes that may owe something between two days; one that is suspended owes nothing."""
    stood = (Q(established_on=None) | Q(established_on__lte=last)) & (Q(closed_on=None) | Q(closed_on__gt=first))
    return Organization.objects.filter(place.condition(), stood, org_type__in=OWING_TYPES).exclude(
        status=OrganizationStatus.SUSPENDED
    )


def read(place: Place, windows: Windows, *, on: date, kinds: Collection[str] = tuple(DUTIES)) -> Reading:
    """Return what the duties in ``windows`` follow from, for the nodes of ``place``: two statements.

    ``kinds`` leaves out the meetings that no duty asked for needs.
    """
    first, last = min(day for day, _last in windows.values()), max(day for _first, day in windows.values())
    found = list(owing_nodes(place, first, last))
    life, organization = edition_on(last, REGULATION), edition_on(last, ORGANIZATION)
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for tag, *fact in _facts(place.known(found), windows, first, kinds, on):
        rows[tag].append(tuple(fact))
    amounts: dict[str, dict[str, int]] = defaultdict(dict)
    for _node, edition, code, _day, amount, *_rest in rows[_SETTING]:
        amounts[edition][code] = amount
    ruleset = merge(life, amounts[life.code])
    committee_from = merge(organization, amounts[organization.code]).amount("branch.committee_from")
    return Reading(
        on=on,
        nodes=found,
        ruleset=ruleset,
        rules=LifeRules.of(ruleset),
        units=_units(found, rows, committee_from),
        records=_records(found, rows),
        waivers=_waivers(rows),
        parts=_parts(rows),
    )


# --- the rows ------------------------------------------------------------------------------------------------------

_MEMBERS, _POSTS, _PART, _LEADER, _MARK = "members", "posts", "part", "leader", "mark"
_WAIVER, _SETTING = "waiver", "setting"
_FACT = ("fact_tag", "fact_node", "fact_text", "fact_more", "fact_day", "fact_number", "fact_other", "fact_told")


def _fixed(tag: str, **given: Any) -> dict[str, Any]:
    """Return the columns of a row of one shape; what is not given is empty."""
    none = Cast(Value(None), DateField())
    return {
        "fact_tag": Value(tag, CharField()),
        "fact_node": Cast(given.get("node", Value(0)), BigIntegerField()),
        "fact_text": Cast(given.get("text", Value("")), CharField()),
        "fact_more": Cast(given.get("more", Value("")), CharField()),
        "fact_day": given.get("day", none),
        "fact_number": Cast(given.get("number", Value(0)), BigIntegerField()),
        "fact_other": Cast(given.get("other", Value(0)), BigIntegerField()),
        "fact_told": given.get("told", none),
    }


def _facts(
    place: Place, windows: Windows, first: date, kinds: Collection[str], on: date
) -> QuerySet[Any, tuple[Any, ...]]:
    parts = _held_parts(place, windows, kinds)
    lectures = parts.filter(kind=DUTIES[DutyKind.LEADER_LECTURE].meeting)
    waivers = Waiver.objects.filter(place.condition("organization__"), revoked_on=None)
    settings = RuleSetting.objects.filter(organization__depth=1)
    rows = (
        _full_members(place, first),
        _committee_posts(place, first, on),
        parts.annotate(
            **_fixed(
                _PART,
                node=F("meeting__organization_id"),
                text=F("kind"),
                day=TruncDate("meeting__started_at"),
                number=F("pk"),
                other=F("meeting_id"),
                told=TruncDate("meeting__convened_at"),
            )
        ),
        lectures.filter(_given_by_a_secretary()).annotate(**_fixed(_LEADER, number=F("pk"))),
        LectureMark.objects.filter(part__in=lectures.values("pk")).annotate(
            **_fixed(_MARK, text=F("kind"), number=F("part_id"))
        ),
        waivers.annotate(
            **_fixed(_WAIVER, node=F("organization_id"), text=F("kind"), more=F("period"), number=F("pk"))
        ),
        settings.annotate(**_fixed(_SETTING, text=F("edition"), more=F("code"), number=F("amount"))),
    )
    one, *others = (found.order_by().values_list(*_FACT) for found in rows)
    return one.union(*others, all=True)


def _held_parts(place: Place, windows: Windows, kinds: Collection[str]) -> QuerySet[MeetingPart]:
    """Return the parts of the sittings that were held and can meet a duty asked for."""
    spans: dict[tuple[date, date], set[str]] = defaultdict(set)
    for kind in kinds:
        spans[windows[DUTIES[kind].span]].add(DUTIES[kind].meeting)
    held = Q(pk__in=[])
    for (begins, ends), meetings in spans.items():
        held |= Q(
            kind__in=sorted(meetings),
            meeting__started_at__gte=midnight(begins),
            meeting__started_at__lt=midnight(ends + timedelta(days=1)),
        )
    return MeetingPart.objects.filter(place.condition("meeting__organization__"), held).filter(
        meeting__state=MeetingState.ENDED
    )


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _given_by_a_secretary() -> Exists:
    """Return the condition that the agenda names somebody who was secretary or deputy, of any node, on that day."""
    day = TruncDate("meeting__started_at")
    leads = (
        Appointment.objects.filter(user=OuterRef("presenter"), post__in=LEADERS)
        .filter(since__lte=OuterRef("on_day"))
        .filter(Q(until=None) | Q(until__gte=OuterRef("on_day")))
    )
    return Exists(AgendaItem.objects.filter(part=OuterRef("pk")).annotate(on_day=day).filter(Exists(leads)))


def _since(first: date) -> Case:
    """Return since when a row holds, no earlier than ``first``: so few different days are told apart as matter."""
    return Case(
        When(since__lt=first, then=Value(first, DateField())), default=F("since"), output_field=DateField()
    )


def _full_members(place: Place, first: date) -> QuerySet[Affiliation]:
    """Count full members and students by branch and since when; of a group they count for the branch above it."""
    above = Left("organization__path", Length("organization__path") - Organization.steplen)
    is_group = Q(organization__org_type=OrganizationType.GROUP)
    branch = Case(When(is_group, then=above), default=F("organization__path"), output_field=CharField())
    here = Affiliation.objects.filter(place.condition("organization__"), until=None, standing=Standing.FULL_MEMBER)
    here = here.filter(organization__org_type__in=[*sorted(BRANCH_TYPES), OrganizationType.GROUP]).order_by()
    return _counted(
        here,
        _fixed(_MEMBERS, text=branch, day=_since(first)),
        Count("pk"),
        Count("pk", filter=Q(user__member__person_kind__in=STUDENTS)),
    )


def _committee_posts(place: Place, first: date, on: date) -> QuerySet[Appointment]:
    """Count who sits on the committee of a branch, by since when."""
    held = Appointment.objects.in_force(on).filter(place.condition("organization__"), post__in=sorted(COMMITTEE_POSTS))
    held = held.filter(organization__org_type__in=sorted(BRANCH_TYPES)).order_by()
    row = _fixed(_POSTS, node=F("organization_id"), day=_since(first))
    return _counted(held, row, Count("user", distinct=True), Count("pk", filter=Q(pk__in=[])))


def _counted(rows: QuerySet[Any], fixed: dict[str, Any], number: Count, other: Count) -> QuerySet[Any]:
    """Group rows by all columns but the numbers, and count."""
    for name in ("fact_number", "fact_other"):
        del fixed[name]
    return rows.annotate(**fixed).values(*fixed).annotate(fact_number=number, fact_other=other)


# --- what they say -------------------------------------------------------------------------------------------------


def _units(
    nodes: Sequence[Organization], rows: Mapping[str, list[tuple[Any, ...]]], committee_from: int
) -> dict[int, Unit]:
    by_path = {node.path: node for node in nodes}
    members: dict[str, list[tuple[date, int]]] = defaultdict(list)
    people: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for _node, path, _more, day, number, students, _told in rows[_MEMBERS]:
        members[path].append((day, number))
        people[path][0] += number
        people[path][1] += students
    posts: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for pk, _text, _more, day, number, _other, _told in rows[_POSTS]:
        posts[pk].append((day, number))
    groups: dict[str, set[int]] = defaultdict(set)
    for node in nodes:
        if node.org_type == OrganizationType.GROUP and node.closed_on is None:
            groups[node.path[: -node.steplen]].add(node.pk)
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


def _records(nodes: Sequence[Organization], rows: Mapping[str, list[tuple[Any, ...]]]) -> dict[int, list[Record]]:
    besides: dict[int, set[str]] = defaultdict(set)
    for fact in rows[_LEADER]:
        besides[fact[4]].add(DutyKind.LEADER_LECTURE)
    for _node, kind, _more, _day, part, *_rest in rows[_MARK]:
        besides[part].add(kind)
    kinds: dict[int, set[str]] = defaultdict(set)
    sittings: dict[int, tuple[int, date, date | None]] = {}
    for node, kind, _more, day, part, meeting, told in rows[_PART]:
        sittings[meeting] = node, day, told
        kinds[meeting].add(MET_BY[kind])
        kinds[meeting] |= besides.get(part, set())
    branches = {node.path: node.pk for node in nodes}
    above = {
        node.pk: branches.get(node.path[: -node.steplen])
        for node in nodes
        if node.org_type == OrganizationType.GROUP
    }
    found: dict[int, list[Record]] = defaultdict(list)
    for meeting, (pk, day, told) in sittings.items():
        carried = frozenset(kinds[meeting])
        found[pk].append(Record(day, carried, meeting, told_on=told))
        if branch := above.get(pk):
            found[branch].append(Record(day, carried, meeting, group=pk, told_on=told))
    return found


def _waivers(rows: Mapping[str, list[tuple[Any, ...]]]) -> dict[int, dict[tuple[str, str], int]]:
    found: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for node, kind, period, _day, pk, *_rest in rows[_WAIVER]:
        found[node][kind, period] = pk
    return found


def _parts(rows: Mapping[str, list[tuple[Any, ...]]]) -> dict[int, dict[int, int]]:
    """Return the lectures by node: key of the sitting, key of its part."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for node, kind, _more, _day, part, meeting, _told in rows[_PART]:
        if kind == DUTIES[DutyKind.LEADER_LECTURE].meeting:
            found[node][meeting] = part
    return found


__all__ = ["NAMED", "Place", "Reading", "midnight", "owing_nodes", "read", "windows_of", "year_windows"]
