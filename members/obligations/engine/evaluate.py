"""Reckon what a node owes: facts, records, waivers and rules in, obligations out.

Sources: domain.md 5.1. A node that did not stand for all of a period owes in proportion to the days it stood, halves
counted as whole; a meeting counts for every duty whose kind it carries; only what was really held counts. Of talks a
year asks for as many as the pairs and people of the branch need (``members.help``).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from portal.rulesets.values import RuleSet

from ..kinds import DUTIES, Duty, DutyKind
from .periods import Period, Span, months_between, periods_in

VACATIONS = {
    1: "life.vacation_january",
    2: "life.vacation_february",
    7: "life.vacation_july",
    8: "life.vacation_august",
}


class Status(StrEnum):
    """How an obligation stands on a day."""

    MET = "met"
    PLANNED = "planned"  # not held yet, but the sittings that will meet it stand in the plan
    DUE = "due"
    OVERDUE = "overdue"
    WAIVED = "waived"
    VACATION = "vacation"
    LATER = "later"  # its period has not begun


@dataclass(frozen=True, slots=True)
class LifeRules:
    """One edition with the university's settings, as the engine uses it."""

    counts: Mapping[str, int]
    articles: Mapping[str, str]
    vacation: frozenset[int] = frozenset()
    vacation_for_staff: bool = False
    theme_ahead: int = 0
    remind_before: int = 7

    @classmethod
    def of(cls, rules: RuleSet, talks_article: str = "") -> "LifeRules":
        kept = {kind: rules[duty.rule] for kind, duty in DUTIES.items() if duty.rule}
        return cls(
            counts={kind: rule.amount for kind, rule in kept.items()} | {DutyKind.HEART_TALKS: 1},
            articles={kind: rule.article for kind, rule in kept.items()} | {DutyKind.HEART_TALKS: talks_article},
            vacation=frozenset(month for month, code in VACATIONS.items() if rules.is_on(code)),
            vacation_for_staff=rules.is_on("life.vacation_for_staff"),
            theme_ahead=rules.amount("life.democratic_theme_ahead"),
            remind_before=rules.amount("life.remind_before"),
        )


@dataclass(frozen=True, slots=True)
class Talks:
    """The heart-to-heart talks of a year: how many pairs and people need one, how many had theirs."""

    wanted: int
    done: int


@dataclass(frozen=True, slots=True)
class Unit:
    """What the duties of a node follow from; ``closed_on`` is the first day on which it stands no more.

    ``committee_since``: since when it has a committee or so many full members that it must have one.
    ``talks`` are those of each year.
    """

    org_type: str
    established_on: date | None = None
    closed_on: date | None = None
    committee_since: date | None = None
    groups: frozenset[int] = frozenset()
    is_student: bool = False
    talks: Mapping[int, Talks] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A sitting that was held: ``ref`` its key, ``kinds`` every duty it can meet, ``group`` the group that held it.

    ``told_on`` is the day on which people were told of it. An ``is_planned`` one has not been held yet.
    """

    on: date
    kinds: frozenset[str]
    ref: int
    group: int | None = None
    told_on: date | None = None
    is_planned: bool = False


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty of a node in a period, how it stands and by which records it was met.

    ``earliest`` and ``due_on`` are the first and last day on which a record counts. ``told_late`` says by how many
    days too late the theme of a democratic-life meeting was told, where it was. ``planned`` are the sittings to come
    that will meet it; ``talks`` counts what is met by talks and not by sittings.
    """

    kind: DutyKind
    period: Period
    needed: int
    earliest: date
    due_on: date
    status: Status
    article: str
    satisfied_by: tuple[Record, ...] = field(default=())
    told_late: int = 0
    planned: tuple[Record, ...] = field(default=())
    talks: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.period.code

    @property
    def held(self) -> int:
        return self.talks + len(self.satisfied_by)

    @property
    def missing(self) -> int:
        return max(self.needed - self.held, 0)

    @property
    def is_in_part(self) -> bool:
        """Say whether the node did not stand for all of the period."""
        return (self.earliest, self.due_on) != (self.period.first, self.period.last)


def obligations(
    unit: Unit,
    records: Collection[Record],
    waived: Collection[tuple[str, str]],
    rules: LifeRules,
    *,
    first: date,
    last: date,
    on: date,
    kinds: Iterable[str] = tuple(DUTIES),
) -> Iterator[Obligation]:
    """Yield what a node owes in every period that has a day between ``first`` and ``last``, as it stands on ``on``.

    ``waived`` are kinds with codes of periods. What was held after ``on`` does not count yet.
    """
    for kind in kinds:
        duty = DUTIES[kind]
        if unit.org_type not in duty.owed_by or not rules.counts[kind]:
            continue
        meant = [record for record in records if kind in record.kinds and (record.is_planned or record.on <= on)]
        for period in periods_in(duty.span, first, last):
            found = _owed(unit, DutyKind(kind), duty, period, meant, waived, rules, on)
            if found is not None:
                yield found


def obligation_in(
    unit: Unit,
    kind: str,
    period: Period,
    records: Collection[Record],
    waived: Collection[tuple[str, str]],
    rules: LifeRules,
    *,
    on: date,
) -> Obligation | None:
    """Return what a node owes of one kind in one period, or ``None`` where it owes nothing."""
    if DUTIES[kind].span is not period.span:
        return None
    found = obligations(unit, records, waived, rules, first=period.first, last=period.first, on=on, kinds=[kind])
    return next(found, None)


def _owed(
    unit: Unit,
    kind: DutyKind,
    duty: Duty,
    period: Period,
    meant: list[Record],
    waived: Collection[tuple[str, str]],
    rules: LifeRules,
    on: date,
) -> Obligation | None:
    earliest, due_on = _standing(unit, kind, period)
    needed = _needed(unit, kind, duty, period, rules, (due_on - earliest).days + 1)
    if not needed:
        return None
    within = [record for record in meant if earliest <= record.on <= due_on]
    met = _met_by(unit, duty, [record for record in within if not record.is_planned], needed)
    coming = _met_by(unit, duty, within, needed)
    talks = unit.talks[period.first.year].done if duty.meeting is None else 0
    if talks + len(met) >= needed:
        status = Status.MET
    elif (kind, period.code) in waived:
        status = Status.WAIVED
    elif _is_vacation(unit, rules, earliest, due_on):
        status = Status.VACATION
    elif on > due_on:
        status = Status.OVERDUE
    elif len(coming) >= needed:
        status = Status.PLANNED
    else:
        status = Status.LATER if on < earliest else Status.DUE
    late = 0
    if kind is DutyKind.DEMOCRATIC_LIFE_MEETING and met and rules.theme_ahead:
        late = min(max(rules.theme_ahead - (record.on - (record.told_on or record.on)).days, 0) for record in met)
    planned = tuple(record for record in coming if record.is_planned)
    article = rules.articles[kind]
    return Obligation(kind, period, needed, earliest, due_on, status, article, tuple(met), late, planned, talks)


def _needed(unit: Unit, kind: DutyKind, duty: Duty, period: Period, rules: LifeRules, stood: int) -> int:
    """Return how many a period asks for that the node stood for ``stood`` days of it; halves count as whole."""
    if stood <= 0:
        return 0
    # Whoever stood for half of the month owes its meeting.
    needed = (2 * rules.counts[kind] * stood + period.days) // (2 * period.days)
    if duty.meeting is None:
        talks = unit.talks.get(period.first.year)
        return talks.wanted if needed and talks else 0
    return needed


def _standing(unit: Unit, kind: DutyKind, period: Period) -> tuple[date, date]:
    """Return from when until when the node stood in the period as one that owes ``kind``."""
    earliest = max(period.first, unit.established_on or period.first)
    if kind is DutyKind.BRANCH_COMMITTEE:
        # Without a committee the congress does what it would do (domain.md 1.3).
        earliest = max(earliest, unit.committee_since or date.max)
    due_on = period.last if unit.closed_on is None else min(period.last, unit.closed_on - timedelta(days=1))
    return earliest, due_on


def _met_by(unit: Unit, duty: Duty, records: list[Record], needed: int) -> list[Record]:
    """Return the records that count: the node's own, or where the rule allows it one of each of its groups."""
    own = sorted((record for record in records if record.group is None), key=lambda record: (record.on, record.ref))
    if len(own) >= needed or not duty.by_groups or not unit.groups:
        return own
    grouped = [record for record in records if record.group in unit.groups]
    if needed == 1 and {record.group for record in grouped} == unit.groups:
        return sorted(grouped, key=lambda record: (record.on, record.ref))
    return own


def _is_vacation(unit: Unit, rules: LifeRules, first: date, last: date) -> bool:
    if not rules.vacation or not (unit.is_student or rules.vacation_for_staff):
        return False
    return rules.vacation.issuperset(months_between(first, last))


__all__ = [
    "LifeRules",
    "Obligation",
    "Record",
    "Span",
    "Status",
    "Talks",
    "Unit",
    "obligation_in",
    "obligations",
]
