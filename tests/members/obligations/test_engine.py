"""What a node owes: tables over a whole year of twelve branches with planted gaps, and what holds for every input."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.obligations.engine.evaluate import (
    LifeRules,
    Obligation,
    Record,
    Status,
    Talks,
    Unit,
    obligation_in,
    obligations,
)
from members.obligations.engine.periods import Period, Span, periods_in
from members.obligations.kinds import DUTIES, DutyKind
from portal.rulesets.editions import LIFE_2019
from portal.rulesets.values import merge

YEAR = 2026
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
AFTER = date(YEAR + 1, 1, 1)
NATIONAL = LifeRules.of(merge(LIFE_2019))
VACATIONS = LifeRules.of(merge(LIFE_2019, {"life.vacation_february": 1, "life.vacation_august": 1}))
K = DutyKind
MONTHLY = [K.BRANCH_COMMITTEE, K.THEME_PARTY_DAY]
QUARTERLY = [K.BRANCH_CONGRESS, K.PARTY_LECTURE]
YEARLY = [
    K.LEADER_LECTURE, K.INTEGRITY_LECTURE, K.ORGANIZATIONAL_LIFE_MEETING, K.DEMOCRATIC_APPRAISAL, K.SECRETARY_REVIEW,
]  # fmt: skip
MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]
QUARTERS = [f"{YEAR}-Q{quarter}" for quarter in range(1, 5)]

WITH_COMMITTEE = Unit("branch", established_on=date(2015, 9, 1), committee_since=date(2015, 9, 1))
SMALL = replace(WITH_COMMITTEE, committee_since=None)


def sitting(on: date, *kinds: str, ref: int | None = None, **more) -> Record:
    return Record(on, frozenset(kinds), on.toordinal() if ref is None else ref, **more)


def full_year(*without: tuple[str, str]) -> list[Record]:
    """Hold everything on the tenth: monthly duties each month, the others in the first month of their period.

    ``without`` are the planted gaps: a kind with the code of the period in which it is not held.
    """
    held = []
    for month in range(1, 13):
        kinds = set(MONTHLY)
        if month % 3 == 1:
            kinds |= set(QUARTERLY)
        if month == 1:
            kinds |= set(YEARLY)
        day = date(YEAR, month, 10)
        kinds -= {kind for kind, code in without if day in Period.read(code)}
        held.append(sitting(day, *kinds))
    return held


def gaps(found: list[Obligation], status: Status = Status.OVERDUE) -> set[tuple[str, str]]:
    return {(row.kind, row.period.code) for row in found if row.status is status}


def year_of(unit: Unit, records: list[Record], waived=(), rules=NATIONAL, on=AFTER) -> list[Obligation]:
    return list(obligations(unit, records, waived, rules, first=FIRST, last=LAST, on=on))


def months(kind: str, *numbers: int) -> set[tuple[str, str]]:
    return {(kind, f"{YEAR}-{number:02}") for number in numbers}


# name: (unit, what was not held, what is waived, rules, gaps expected, vacation expected, number of obligations)
EVERYTHING = 12 * 2 + 4 * 2 + 5
TWELVE = {
    "complete": (WITH_COMMITTEE, (), (), NATIONAL, set(), set(), EVERYTHING),
    "one theme day missed": (
        WITH_COMMITTEE, months(K.THEME_PARTY_DAY, 5), (), NATIONAL, months(K.THEME_PARTY_DAY, 5), set(), EVERYTHING,
    ),
    "no congress in the third quarter": (
        WITH_COMMITTEE, {(K.BRANCH_CONGRESS, "2026-Q3")}, (), NATIONAL, {(K.BRANCH_CONGRESS, "2026-Q3")}, set(),
        EVERYTHING,
    ),
    "no appraisal and no life meeting": (
        WITH_COMMITTEE, {(K.DEMOCRATIC_APPRAISAL, "2026"), (K.ORGANIZATIONAL_LIFE_MEETING, "2026")}, (), NATIONAL,
        {(K.DEMOCRATIC_APPRAISAL, "2026"), (K.ORGANIZATIONAL_LIFE_MEETING, "2026")}, set(), EVERYTHING,
    ),
    "too small for a committee": (
        SMALL, months(K.BRANCH_COMMITTEE, *range(1, 13)), (), NATIONAL, set(), set(), EVERYTHING - 12,
    ),
    "a committee since the middle of June": (
        replace(SMALL, committee_since=date(2026, 6, 16)), months(K.BRANCH_COMMITTEE, *range(1, 9)), (), NATIONAL,
        # Fifteen days of June are half of it.
        months(K.BRANCH_COMMITTEE, 6, 7, 8), set(), EVERYTHING - 5,
    ),
    "founded in September": (
        replace(WITH_COMMITTEE, established_on=date(2026, 9, 1), committee_since=date(2026, 9, 1)),
        {(K.BRANCH_CONGRESS, "2026-Q4"), (K.PARTY_LECTURE, "2026-Q4")}, (), NATIONAL,
        # Four months of twelve and one of three are less than half: of the year and the third quarter nothing is owed.
        {(K.BRANCH_CONGRESS, "2026-Q4"), (K.PARTY_LECTURE, "2026-Q4")}, set(), 4 * 2 + 2,
    ),
    "closed in the middle of May": (
        replace(WITH_COMMITTEE, closed_on=date(2026, 5, 14)), months(K.THEME_PARTY_DAY, 4, 5), (), NATIONAL,
        # Thirteen days of May are less than half; of the second quarter 43 of 91 days are, and of the year 133.
        months(K.THEME_PARTY_DAY, 4), set(), 4 * 2 + 2,
    ),
    "students with vacations": (
        replace(WITH_COMMITTEE, is_student=True), months(K.THEME_PARTY_DAY, 2, 8, 9) | months(K.BRANCH_COMMITTEE, 2),
        (), VACATIONS, months(K.THEME_PARTY_DAY, 9), months(K.THEME_PARTY_DAY, 2, 8) | months(K.BRANCH_COMMITTEE, 2),
        EVERYTHING,
    ),
    "staff without vacations": (
        WITH_COMMITTEE, months(K.THEME_PARTY_DAY, 2, 8), (), VACATIONS, months(K.THEME_PARTY_DAY, 2, 8), set(),
        EVERYTHING,
    ),
    "waived by the superior": (
        WITH_COMMITTEE, months(K.THEME_PARTY_DAY, 3, 4), months(K.THEME_PARTY_DAY, 3), NATIONAL,
        months(K.THEME_PARTY_DAY, 4), set(), EVERYTHING,
    ),
    "a temporary branch": (
        replace(WITH_COMMITTEE, org_type="temporary_branch"), months(K.THEME_PARTY_DAY, 11) | months(K.BRANCH_CONGRESS),
        (), NATIONAL, months(K.THEME_PARTY_DAY, 11), set(), 12 + 4,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TWELVE)
def test_a_year_shows_the_planted_gaps_and_no_others(name: str) -> None:
    unit, without, waived, rules, expected, vacation, count = TWELVE[name]
    found = year_of(unit, full_year(*without), set(waived), rules)
    assert gaps(found) == expected
    assert gaps(found, Status.VACATION) == vacation
    assert gaps(found, Status.WAIVED) == set(waived)
    assert len(found) == count
    assert gaps(found, Status.DUE) == gaps(found, Status.LATER) == set()


def test_one_sitting_counts_for_every_duty_it_carries() -> None:
    record = sitting(date(2026, 3, 20), K.THEME_PARTY_DAY, K.BRANCH_CONGRESS, K.PARTY_LECTURE, K.INTEGRITY_LECTURE)
    met = [row for row in year_of(WITH_COMMITTEE, [record]) if row.status is Status.MET]
    assert {row.key for row in met} == {
        (K.THEME_PARTY_DAY, "2026-03"), (K.BRANCH_CONGRESS, "2026-Q1"), (K.PARTY_LECTURE, "2026-Q1"),
        (K.INTEGRITY_LECTURE, "2026"),
    }  # fmt: skip
    assert {row.satisfied_by for row in met} == {(record,)}


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2026, 4, 30), Status.LATER),
        (date(2026, 5, 1), Status.DUE),
        (date(2026, 5, 31), Status.DUE),
        (date(2026, 6, 1), Status.OVERDUE),
    ],
)
def test_a_month_is_due_from_its_first_to_its_last_day(on: date, status: Status) -> None:
    found = obligation_in(SMALL, K.THEME_PARTY_DAY, Period.read("2026-05"), [], (), NATIONAL, on=on)
    assert (found.status, found.earliest, found.due_on) == (status, date(2026, 5, 1), date(2026, 5, 31))
    assert (found.article, found.missing, found.is_in_part) == ("DJ 16", 1, False)


@pytest.mark.parametrize(
    ("established", "closed", "owes"),
    [
        (date(2026, 4, 15), None, True),  # 16 of 30 days
        (date(2026, 4, 16), None, True),  # 15 of 30
        (date(2026, 4, 17), None, False),  # 14 of 30
        (None, date(2026, 4, 16), True),  # stood until the 15th
        (None, date(2026, 4, 15), False),
        (date(2026, 4, 10), date(2026, 4, 10), False),
        (None, date(2026, 3, 1), False),
        (date(2026, 5, 1), None, False),
    ],
)
def test_a_node_that_stood_for_a_part_owes_in_proportion(established, closed, owes) -> None:
    unit = Unit("branch", established_on=established, closed_on=closed)
    found = obligation_in(unit, K.THEME_PARTY_DAY, Period.read("2026-04"), [], (), NATIONAL, on=AFTER)
    assert (found is not None) is owes
    if found:
        assert found.is_in_part
        assert (found.earliest, found.due_on) == (
            established or date(2026, 4, 1),
            closed - timedelta(days=1) if closed else date(2026, 4, 30),
        )


def test_twice_a_month_is_owed_in_proportion_and_met_by_two() -> None:
    rules = LifeRules.of(merge(LIFE_2019, {"life.theme_day_per_month": 2}))
    period, late = Period.read("2026-04"), replace(SMALL, established_on=date(2026, 4, 17))
    assert obligation_in(SMALL, K.THEME_PARTY_DAY, period, [], (), rules, on=AFTER).needed == 2
    assert obligation_in(late, K.THEME_PARTY_DAY, period, [], (), rules, on=AFTER).needed == 1
    one, two = (sitting(date(2026, 4, day), K.THEME_PARTY_DAY) for day in (18, 25))
    half = obligation_in(SMALL, K.THEME_PARTY_DAY, period, [one], (), rules, on=AFTER)
    assert (half.status, half.missing, half.satisfied_by) == (Status.OVERDUE, 1, (one,))
    assert obligation_in(SMALL, K.THEME_PARTY_DAY, period, [two, one], (), rules, on=AFTER).satisfied_by == (one, two)


def test_what_was_held_outside_or_comes_later_does_not_count() -> None:
    unit = replace(SMALL, established_on=date(2026, 4, 10))
    before, later = sitting(date(2026, 4, 9), K.THEME_PARTY_DAY), sitting(date(2026, 4, 28), K.THEME_PARTY_DAY)
    period = Period.read("2026-04")
    found = obligation_in(unit, K.THEME_PARTY_DAY, period, [before, later], (), NATIONAL, on=date(2026, 4, 27))
    assert (found.status, found.satisfied_by) == (Status.DUE, ())
    found = obligation_in(unit, K.THEME_PARTY_DAY, period, [before, later], (), NATIONAL, on=date(2026, 4, 28))
    assert (found.status, found.satisfied_by) == (Status.MET, (later,))


def test_groups_and_committees_owe_their_own() -> None:
    kinds = {kind for kind in DUTIES for row in year_of(Unit("group"), []) if row.kind == kind}
    assert kinds == {K.GROUP_MEETING}
    for org_type in ("college_committee", "university_committee"):
        assert [row.key for row in year_of(Unit(org_type), [])] == [(K.DEMOCRATIC_LIFE_MEETING, "2026")]
    assert year_of(Unit("general_branch"), []) == []


def test_a_life_meeting_in_every_group_is_one_of_the_branch() -> None:
    unit, period = replace(SMALL, groups=frozenset({7, 8})), Period.read("2026")
    one = sitting(date(2026, 3, 3), K.ORGANIZATIONAL_LIFE_MEETING, ref=1, group=7)
    two = sitting(date(2026, 3, 4), K.ORGANIZATIONAL_LIFE_MEETING, ref=2, group=8)

    def status(*records: Record) -> Status:
        return obligation_in(
            unit, K.ORGANIZATIONAL_LIFE_MEETING, period, records, (), NATIONAL, on=date(2026, 6, 1)
        ).status

    assert status(one) is status(one, replace(one, ref=3)) is Status.DUE
    assert status(one, two) is Status.MET
    # A theme day of a group is none of the branch.
    day = sitting(date(2026, 3, 3), K.THEME_PARTY_DAY, group=7)
    found = obligation_in(unit, K.THEME_PARTY_DAY, Period.read("2026-03"), [day], (), NATIONAL, on=AFTER)
    assert found.status is Status.OVERDUE


@pytest.mark.parametrize(
    ("on", "needed", "status"),
    [
        (date(2026, 5, 10), 1, Status.PLANNED),
        (date(2026, 4, 10), 1, Status.PLANNED),  # the period has not begun, and it is planned already
        (date(2026, 5, 10), 2, Status.DUE),  # one of two
        (date(2026, 6, 1), 1, Status.OVERDUE),
    ],
)
def test_what_stands_in_the_plan_is_planned_until_its_period_ends(on: date, needed: int, status: Status) -> None:
    rules = LifeRules.of(merge(LIFE_2019, {"life.theme_day_per_month": needed}))
    to_come = sitting(date(2026, 5, 20), K.THEME_PARTY_DAY, is_planned=True)
    elsewhere = sitting(date(2026, 6, 2), K.THEME_PARTY_DAY, is_planned=True)
    period = Period.read("2026-05")
    found = obligation_in(SMALL, K.THEME_PARTY_DAY, period, [to_come, elsewhere], (), rules, on=on)
    assert (found.status, found.planned, found.satisfied_by) == (status, (to_come,), ())
    held = sitting(date(2026, 5, 2), K.THEME_PARTY_DAY)
    if on > held.on:
        both = obligation_in(SMALL, K.THEME_PARTY_DAY, period, [to_come, held], (), rules, on=on)
        assert both.status is (Status.MET if needed == 1 else Status.PLANNED)
    waived = obligation_in(
        SMALL, K.THEME_PARTY_DAY, period, [to_come], {(K.THEME_PARTY_DAY, "2026-05")}, rules, on=on
    )
    assert waived.status is Status.WAIVED


@pytest.mark.parametrize(
    ("talks", "on", "status"),
    [
        (Talks(9, 8), date(2026, 12, 31), Status.DUE),
        (Talks(9, 8), AFTER, Status.OVERDUE),
        (Talks(9, 9), AFTER, Status.MET),
        (Talks(0, 0), AFTER, None),  # nobody to talk with
        (None, AFTER, None),
    ],
)
def test_talks_are_owed_by_the_year(talks: Talks | None, on: date, status: Status | None) -> None:
    unit = replace(WITH_COMMITTEE, talks={YEAR: talks} if talks else {})
    found = obligation_in(unit, K.HEART_TALKS, Period.read("2026"), [], (), NATIONAL, on=on)
    assert (found and found.status) is status
    if found:
        assert (found.needed, found.held, found.missing) == (talks.wanted, talks.done, talks.wanted - talks.done)
    late = replace(unit, established_on=date(2026, 8, 1))
    assert obligation_in(late, K.HEART_TALKS, Period.read("2026"), [], (), NATIONAL, on=on) is None
    elsewhere = replace(unit, org_type="temporary_branch")
    assert obligation_in(elsewhere, K.HEART_TALKS, Period.read("2026"), [], (), NATIONAL, on=on) is None


@pytest.mark.parametrize(("told", "late"), [(date(2026, 1, 5), 0), (date(2026, 1, 12), 2), (None, 10)])
def test_the_theme_of_a_democratic_life_meeting_is_told_ahead(told, late) -> None:
    held = sitting(date(2026, 1, 20), K.DEMOCRATIC_LIFE_MEETING, told_on=told)
    (found,) = year_of(Unit("college_committee"), [held])
    assert (found.status, found.told_late) == (Status.MET, late)


def test_a_rule_set_to_none_is_not_owed() -> None:
    rules = LifeRules.of(merge(LIFE_2019, {"life.lecture_per_quarter": 0, "life.theme_day_per_month": 0}))
    kinds = {row.kind for row in year_of(WITH_COMMITTEE, [], rules=rules)}
    assert K.PARTY_LECTURE not in kinds
    # The national floor of a theme day cannot be set away.
    assert K.THEME_PARTY_DAY in kinds


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", FIRST, LAST),
    ],
)
def test_periods_are_read_from_their_codes(code: str, first: date, last: date) -> None:
    period = Period.read(code)
    assert (period.first, period.last, period.code) == (first, last, code)
    assert Period.of(period.span, last) == period


@pytest.mark.parametrize(
    "code",
    ["", "0", "202", "2026-", "2026-0", "2026-00", "2026-13", "2026-1", "2026-Q0", "2026-Q5", "2026-q1", "20260",
     "abcd", "1999", "2201", "２０２６", "2026-０1", "2026/01", "2026-01-01", "-026", "2_26", "9223372036854775808"],
)  # fmt: skip
def test_codes_of_nothing_are_no_periods(code: str) -> None:
    assert Period.read(code) is None


days = st.dates(date(2025, 12, 1), date(2027, 1, 31))
kinds = st.sampled_from(list(DutyKind))
records = st.builds(
    Record, on=days, kinds=st.frozensets(kinds, min_size=1, max_size=4), ref=st.integers(1, 99),
    group=st.sampled_from([None, None, 7, 8]), told_on=st.none() | days,
)  # fmt: skip
units = st.builds(
    Unit, org_type=st.sampled_from(["branch", "direct_branch", "temporary_branch", "group", "college_committee"]),
    established_on=st.none() | days, closed_on=st.none() | days, committee_since=st.none() | days,
    groups=st.sampled_from([frozenset(), frozenset({7}), frozenset({7, 8})]), is_student=st.booleans(),
)  # fmt: skip
waivers = st.sets(st.tuples(kinds, st.sampled_from([*MONTHS, *QUARTERS, str(YEAR)])), max_size=4)
rule_sets = st.sampled_from(
    [NATIONAL, VACATIONS, LifeRules.of(merge(LIFE_2019, {"life.theme_day_per_month": 2, "life.vacation_july": 1,
                                                         "life.vacation_for_staff": 1}))]
)  # fmt: skip
# A greater number is better for the node.
RANK = {
    Status.OVERDUE: 0, Status.DUE: 1, Status.LATER: 1, Status.WAIVED: 2, Status.VACATION: 2, Status.MET: 3,
}  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(units, st.lists(records, max_size=8), records, waivers, rule_sets, days)
def test_another_meeting_never_makes_anything_worse(unit, held, another, waived, rules, on) -> None:
    before = {row.key: row for row in year_of(unit, held, waived, rules, on)}
    after = {row.key: row for row in year_of(unit, [*held, another], waived, rules, on)}
    assert before.keys() == after.keys()
    for key, row in before.items():
        assert RANK[after[key].status] >= RANK[row.status]
        assert after[key].missing <= row.missing
        assert not row.satisfied_by or after[key].told_late <= row.told_late


@settings(max_examples=60, deadline=None)
@given(units, st.lists(records, max_size=8), waivers, st.tuples(kinds, st.sampled_from(MONTHS)), rule_sets, days)
def test_a_waiver_changes_its_own_duty_alone_and_never_what_was_met(unit, held, waived, more, rules, on) -> None:
    before = {row.key: row for row in year_of(unit, held, waived, rules, on)}
    after = {row.key: row for row in year_of(unit, held, waived | {more}, rules, on)}
    for key, row in before.items():
        if key != more:
            assert after[key] == row
        else:
            assert after[key].status is (Status.MET if row.status is Status.MET else Status.WAIVED)


@settings(max_examples=60, deadline=None)
@given(units, st.lists(records, max_size=8), waivers, rule_sets, days)
def test_every_obligation_is_consistent(unit, held, waived, rules, on) -> None:
    for row in year_of(unit, held, waived, rules, on):
        assert row.period.first <= row.earliest <= row.due_on <= row.period.last
        assert row.needed >= 1
        assert all(row.earliest <= record.on <= min(row.due_on, on) for record in row.satisfied_by)
        assert (row.status is Status.MET) == (row.missing == 0)
        if row.status is Status.OVERDUE:
            assert on > row.due_on
        if row.status is Status.VACATION:
            assert row.key not in waived


@settings(max_examples=60, deadline=None)
@given(units, st.lists(records, max_size=8), rule_sets, days, days)
def test_time_alone_turns_due_into_overdue_and_nothing_else(unit, held, rules, day, later) -> None:
    early, late = sorted((day, later))
    known = [record for record in held if record.on <= early]
    before = {row.key: row for row in year_of(unit, known, (), rules, early)}
    for row in year_of(unit, known, (), rules, late):
        was = before[row.key].status
        assert row.status is was or (was, row.status) in {
            (Status.LATER, Status.DUE), (Status.LATER, Status.OVERDUE), (Status.DUE, Status.OVERDUE),
        }  # fmt: skip


@given(st.sampled_from(list(Span)), days, days)
def test_periods_lie_side_by_side(span, day, other) -> None:
    first, last = sorted((day, other))
    found = list(periods_in(span, first, last))
    assert first in found[0]
    assert last in found[-1]
    for one, two in zip(found, found[1:], strict=False):
        assert two.first - one.last == timedelta(days=1)
        assert one < two
