"""Days of domain.md 3.1 and 3.4 at their edges: one day before, on, and after; month ends, leap days, holidays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from members.recruitment.engine import clock
from members.recruitment.engine.check import check_record
from members.recruitment.engine.course import Course
from members.recruitment.engine.details import (
    ApplicationFact,
    ApprovalFact,
    ConversionFact,
    FilingFact,
    InspectionFact,
    NominationFact,
    Outcome,
    PoliticalReviewFact,
    PreReviewFact,
    PublicityFact,
    PublicityResultFact,
    Purpose,
    ReviewFact,
    SuperiorTalkFact,
    TrainingFact,
)
from members.recruitment.engine.facts import CaseFacts, Fact, in_order
from members.recruitment.engine.people import MoveFact, PersonFacts, Role
from members.recruitment.engine.steps import XZ14, XZ26
from portal.rulesets.days import add_months
from portal.rulesets.editions import EDITION_2026_05
from portal.rulesets.values import merge
from tests.factories.dossiers import BALLOT, CALENDAR, CANDIDATE, FIRST, MINUTES, RULES, record

D = date
LATER = D(2040, 1, 1)


def case(*records: Fact, edition: str = XZ26, moves: tuple[MoveFact, ...] = (), **person) -> CaseFacts:
    candidate = PersonFacts(**({"key": CANDIDATE, "birth_date": D(2000, 1, 1)} | person))
    return CaseFacts(edition=edition, person=candidate, records=in_order(records), moves=moves)


def codes(facts: CaseFacts, fact: Fact, rules=None) -> set[str]:
    found = check_record(facts, rules or RULES[facts.edition], CALENDAR, fact, LATER)
    assert all(refusal.article and str(refusal) for refusal in found)
    return {refusal.code for refusal in found}


def course(facts: CaseFacts, on: date = LATER) -> Course:
    return Course.of(facts, RULES[facts.edition], CALENDAR, on)


def applied(on, received_on=None):
    return record("apply", on, ApplicationFact(received_on=received_on or on), role=Role.APPLICANT)


def nominated(on):
    return record("nominate", on, NominationFact(True, on, MINUTES))


def pre_reviewed(on):
    return record("pre_review", on, PreReviewFact(Outcome.PASSED), role=Role.SUPERIOR)


def admitted(on):
    return record("congress", on, BALLOT)


def approved(on, held_on, **changes):
    last = add_months(held_on, 12) - timedelta(1)
    details = ApprovalFact(Outcome.PASSED, MINUTES, probation_from=held_on, probation_to=last, **changes)
    return record("approve", on, details, role=Role.SUPERIOR)


def resolved(on, outcome=Outcome.PASSED, months=0):
    return record("convert_congress", on, replace(BALLOT, outcome=outcome, months=months))


def confirmed(on, outcome=Outcome.PASSED, standing_from=None):
    details = ApprovalFact(outcome, MINUTES, standing_from=standing_from)
    return record("convert_approve", on, details, role=Role.SUPERIOR)


# Born, applied, and whether the rule forbids it (XZ26 5).
AGE = [
    (D(2008, 5, 20), D(2026, 5, 19), True),
    (D(2008, 5, 20), D(2026, 5, 20), False),
    (D(2008, 5, 20), D(2026, 5, 21), False),
    (D(2008, 2, 29), D(2026, 2, 27), True),
    (D(2008, 2, 29), D(2026, 2, 28), False),
    (D(2008, 12, 31), D(2026, 12, 30), True),
    (D(2008, 12, 31), D(2026, 12, 31), False),
]


@pytest.mark.parametrize("edition", [XZ14, XZ26])
@pytest.mark.parametrize(("born", "on", "is_refused"), AGE)
def test_apply_at_eighteen(edition, born, on, is_refused):
    assert codes(case(edition=edition, birth_date=born), applied(on)) == ({"age"} if is_refused else set())


@pytest.mark.parametrize(
    ("received_on", "due"),
    [
        (D(2026, 1, 31), D(2026, 2, 28)),
        (D(2028, 1, 31), D(2028, 2, 29)),
        (D(2026, 2, 28), D(2026, 3, 28)),
        (D(2026, 3, 31), D(2026, 4, 30)),
        (D(2026, 8, 31), D(2026, 9, 30)),
        (D(2026, 12, 31), D(2027, 1, 31)),
        (D(2026, 9, 15), D(2026, 10, 15)),
    ],
)
def test_talk_due_a_month_after_receipt(received_on, due):
    assert clock.due(course(case(applied(D(2026, 1, 1), received_on))), "talk") == due


# Activist since, first lawful day of the decision on the target (XZ26 13).
CULTIVATION = [
    (D(2025, 9, 1), D(2026, 9, 1)),
    (D(2024, 2, 29), D(2025, 2, 28)),
    (D(2027, 2, 28), D(2028, 2, 28)),
    (D(2025, 12, 31), D(2026, 12, 31)),
    (D(2025, 5, 11), D(2026, 5, 11)),
]


@pytest.mark.parametrize("edition", [XZ14, XZ26])
@pytest.mark.parametrize(("since", "ready_on"), CULTIVATION)
def test_target_after_a_year(edition, since, ready_on):
    facts = case(nominated(since), edition=edition)
    for days, is_refused in ((-1, True), (0, False), (1, False)):
        fact = record("propose_target", ready_on + timedelta(days), ReviewFact(Outcome.PASSED, MINUTES))
        assert ("cultivation_short" in codes(facts, fact)) is is_refused


@pytest.mark.parametrize(
    ("moved_on", "is_handed_over", "ready_on"),
    [
        (D(2026, 3, 1), True, D(2026, 9, 1)),
        (D(2026, 3, 1), False, D(2027, 3, 1)),
        (D(2025, 8, 1), False, D(2026, 9, 1)),
        (D(2026, 2, 28), False, D(2027, 2, 28)),
    ],
)
def test_cultivation_through_a_change_of_unit(moved_on, is_handed_over, ready_on):
    facts = case(nominated(D(2025, 9, 1)), moves=(MoveFact(moved_on, 1, 2, is_handed_over),))
    assert course(facts).cultivated_on(LATER) == ready_on


@pytest.mark.parametrize(("choice", "ready_on"), [(0, D(2026, 9, 1)), (1, D(2026, 9, 15))])
def test_cultivation_from_decision_or_filing(choice, ready_on):
    facts = case(nominated(D(2025, 9, 1)), record("file_activist", D(2025, 9, 15), FilingFact(), role=Role.SUPERIOR))
    rules = merge(EDITION_2026_05, {"activist_date.basis": choice})
    assert Course.of(facts, rules, CALENDAR, LATER).cultivated_on(LATER) == ready_on


# Inspections recorded, day of the decision, and whether one is missing: due at six and twelve months.
@pytest.mark.parametrize(
    ("have", "on", "is_refused"),
    [
        (0, D(2026, 9, 1), True),
        (1, D(2026, 9, 1), False),  # the one of the twelfth month may still come on its last day
        (1, D(2026, 9, 2), True),
        (2, D(2026, 9, 2), False),
        (2, D(2027, 3, 1), False),
        (2, D(2027, 3, 2), True),
    ],
)
def test_target_with_its_inspections(have, on, is_refused):
    looks = [record("cultivate", D(2026, 2, 1 + n), InspectionFact()) for n in range(have)]
    fact = record("propose_target", on, ReviewFact(Outcome.PASSED, MINUTES))
    assert ("inspections" in codes(case(nominated(D(2025, 9, 1)), *looks), fact)) is is_refused


# Put up on, last of five working days (the day of posting is not counted).
PUBLICITY = [
    (D(2026, 9, 30), D(2026, 10, 13)),  # National Day: 1-7 October off, Saturday the 10th is worked
    (D(2026, 9, 29), D(2026, 10, 12)),
    (D(2026, 9, 28), D(2026, 10, 10)),
    (D(2026, 9, 24), D(2026, 10, 9)),  # Mid-Autumn as well: 25-27 September off
    (D(2026, 9, 23), D(2026, 10, 8)),
    (D(2026, 9, 22), D(2026, 9, 30)),
    (D(2026, 9, 18), D(2026, 9, 24)),  # Sunday the 20th is worked
    (D(2026, 10, 7), D(2026, 10, 13)),
    (D(2026, 10, 10), D(2026, 10, 16)),
    (D(2026, 2, 13), D(2026, 2, 27)),  # Spring Festival: 15-23 February off, the 14th is worked
    (D(2026, 2, 24), D(2026, 3, 2)),  # and the 28th
    (D(2026, 4, 3), D(2026, 4, 13)),
    (D(2026, 4, 30), D(2026, 5, 11)),
    (D(2026, 6, 18), D(2026, 6, 26)),
    (D(2026, 6, 1), D(2026, 6, 8)),
    (D(2026, 6, 5), D(2026, 6, 12)),
    (D(2026, 6, 6), D(2026, 6, 12)),
]


@pytest.mark.parametrize(("starts_on", "last"), PUBLICITY)
def test_publicity_of_five_working_days(starts_on, last):
    assert clock.publicity_through(starts_on, 5, CALENDAR) == (last, False)
    for days, is_refused in ((-1, True), (0, False), (1, False)):
        notice = PublicityFact(Purpose.TARGET, starts_on, last + timedelta(days))
        fact = record("consent_publicity", starts_on, notice)
        assert ("publicity_short" in codes(case(), fact)) is is_refused


def test_publicity_over_the_year_is_provisional():
    assert clock.publicity_through(D(2026, 12, 28), 5, CALENDAR) == (D(2027, 1, 4), True)


def test_publicity_of_2014_has_no_national_length():
    fact = record("consent_publicity", D(2026, 6, 1), PublicityFact(Purpose.TARGET, D(2026, 6, 1), D(2026, 6, 2)))
    assert "publicity_short" not in codes(case(edition=XZ14), fact)


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, True), (1, False)])
def test_publicity_result_after_the_last_day(days, is_refused):
    starts_on, last = D(2026, 9, 30), D(2026, 10, 13)
    facts = case(record("consent_publicity", starts_on, PublicityFact(Purpose.TARGET, starts_on, last)))
    fact = record("consent_publicity", last + timedelta(days), PublicityResultFact(Purpose.TARGET))
    assert ("publicity_running" in codes(facts, fact)) is is_refused


# Pre-review, last day of the congress (XZ26 19).
CONGRESS = [
    (D(2026, 1, 31), D(2026, 2, 28)),
    (D(2028, 1, 31), D(2028, 2, 29)),
    (D(2028, 1, 29), D(2028, 2, 29)),
    (D(2026, 3, 31), D(2026, 4, 30)),
    (D(2026, 2, 28), D(2026, 3, 28)),
    (D(2026, 12, 15), D(2027, 1, 15)),
]


@pytest.mark.parametrize("edition", [XZ14, XZ26])
@pytest.mark.parametrize(("since", "due"), CONGRESS)
def test_congress_within_a_month_of_pre_review(edition, since, due):
    facts = case(pre_reviewed(since), edition=edition)
    for days, is_refused in ((-1, False), (0, False), (1, True)):
        assert ("congress_late" in codes(facts, admitted(due + timedelta(days)))) is is_refused


# Congress, last day that leaves three months: leaving on it is refused one day later (XZ14 18).
LEAVING = [
    (D(2026, 3, 30), D(2026, 6, 30)),
    (D(2026, 3, 31), D(2026, 6, 30)),
    (D(2026, 11, 30), D(2027, 2, 28)),
    (D(2027, 11, 29), D(2028, 2, 29)),
    (D(2026, 4, 1), D(2026, 7, 1)),
]


@pytest.mark.parametrize(("on", "leaves_on"), LEAVING)
def test_congress_three_months_before_leaving(on, leaves_on):
    for days, is_refused in ((-1, True), (0, False), (1, False)):
        facts = case(leaves_on=leaves_on + timedelta(days))
        assert ("leaves_soon" in codes(facts, admitted(on))) is is_refused
        assert ("leaves_soon" in codes(facts, pre_reviewed(on))) is is_refused


# Congress, due after three months, void after six (XZ26 25).
APPROVAL = [
    (D(2026, 11, 30), D(2027, 2, 28), D(2027, 5, 30)),
    (D(2027, 11, 30), D(2028, 2, 29), D(2028, 5, 30)),
    (D(2026, 8, 31), D(2026, 11, 30), D(2027, 2, 28)),
    (D(2026, 1, 10), D(2026, 4, 10), D(2026, 7, 10)),
    (D(2028, 2, 29), D(2028, 5, 29), D(2028, 8, 29)),
]


@pytest.mark.parametrize("edition", [XZ14, XZ26])
@pytest.mark.parametrize(("held_on", "due", "hard"), APPROVAL)
def test_approval_within_three_months(edition, held_on, due, hard):
    facts = case(admitted(held_on), edition=edition)
    for days, is_refused in ((-1, False), (0, False), (1, True)):
        fact = approved(due + timedelta(days), held_on)
        assert ("approval_late" in codes(facts, fact)) is is_refused
    fact = approved(due + timedelta(1), held_on, special_reason="The committee was being elected.")
    assert "approval_late" not in codes(facts, fact)


@pytest.mark.parametrize(("held_on", "due", "hard"), APPROVAL)
def test_approval_void_after_six_months(held_on, due, hard):
    facts = case(admitted(held_on))
    for days, is_refused in ((-1, False), (0, False), (1, True)):
        fact = approved(hard + timedelta(days), held_on, special_reason="Reasons.")
        talk = record("superior_talk", held_on, SuperiorTalkFact(FIRST), role=Role.SUPERIOR)
        found = codes(replace(facts, records=in_order((*facts.records, talk))), fact)
        assert ("approval_void" in found) is is_refused
    assert "congress" in course(facts, hard).done
    assert "congress" not in course(facts, hard + timedelta(1)).done


@pytest.mark.parametrize(
    ("edition", "approved_on", "due"),
    [
        (XZ26, D(2026, 6, 1), D(2026, 7, 1)),
        (XZ26, D(2026, 1, 31), D(2026, 2, 28)),
        (XZ26, D(2028, 1, 30), D(2028, 2, 29)),
        (XZ14, D(2026, 6, 1), None),  # "in time", without a term
    ],
)
def test_oath_due(edition, approved_on, due):
    facts = case(admitted(approved_on), approved(approved_on, approved_on), edition=edition)
    assert clock.due(course(facts), "oath") == due


# Congress, last day of probation, first day of conversion: never before (XZ26 31).
PROBATION = [
    (D(2026, 6, 1), D(2027, 5, 31), D(2027, 6, 1)),
    (D(2026, 3, 1), D(2027, 2, 28), D(2027, 3, 1)),
    (D(2028, 2, 29), D(2029, 2, 27), D(2029, 2, 28)),
    (D(2027, 2, 28), D(2028, 2, 27), D(2028, 2, 28)),
    (D(2026, 12, 31), D(2027, 12, 30), D(2027, 12, 31)),
    (D(2027, 1, 1), D(2027, 12, 31), D(2028, 1, 1)),
]


@pytest.mark.parametrize("edition", [XZ14, XZ26])
@pytest.mark.parametrize(("held_on", "last", "ready_on"), PROBATION)
def test_conversion_from_the_day(edition, held_on, last, ready_on):
    facts = case(admitted(held_on), approved(held_on + timedelta(40), held_on), edition=edition)
    assert course(facts).convert_on == ready_on
    for days, is_refused in ((-1, True), (0, False), (1, False)):
        assert ("convert_early" in codes(facts, resolved(ready_on + timedelta(days)))) is is_refused


@pytest.mark.parametrize(("held_on", "last", "ready_on"), PROBATION)
def test_approval_names_the_probation(held_on, last, ready_on):
    facts, on = case(admitted(held_on)), held_on + timedelta(20)
    for first, until, is_refused in (
        (held_on, last, False),
        (held_on, ready_on, True),
        (on, last, True),  # from the congress, not from the approval
        (None, None, True),
    ):
        details = ApprovalFact(Outcome.PASSED, MINUTES, probation_from=first, probation_to=until)
        found = codes(facts, record("approve", on, details, role=Role.SUPERIOR))
        assert ("probation_dates" in found) is is_refused


# Months of an extension, end of it for a congress of 29 February 2028.
EXTENSION = [(5, None), (6, D(2029, 8, 28)), (9, D(2029, 11, 28)), (12, D(2030, 2, 28)), (13, None), (0, None)]


@pytest.mark.parametrize(("months", "ready_on"), EXTENSION)
def test_extension_of_six_to_twelve_months(months, ready_on):
    held_on = D(2028, 2, 29)
    facts = case(admitted(held_on), approved(D(2028, 3, 20), held_on))
    fact = resolved(D(2029, 3, 1), Outcome.EXTENDED, months)
    assert ("extension_length" in codes(facts, fact)) is (ready_on is None)
    if ready_on:
        extended = replace(facts, records=(*facts.records, fact, confirmed(D(2029, 3, 20), Outcome.EXTENDED)))
        assert course(extended).convert_on == ready_on
        assert "extension_again" in codes(extended, resolved(ready_on, Outcome.EXTENDED, 6))
        assert "extension_again" not in codes(extended, resolved(ready_on))
        for days, is_refused in ((-1, True), (0, False)):
            assert ("convert_early" in codes(extended, resolved(ready_on + timedelta(days)))) is is_refused


@pytest.mark.parametrize(
    ("on", "is_refused"),
    [(D(2027, 4, 30), True), (D(2027, 5, 1), False), (D(2027, 5, 25), False), (D(2027, 7, 30), False)],
)
def test_conversion_application_window(on, is_refused):
    facts = case(admitted(D(2026, 6, 1)), approved(D(2026, 6, 20), D(2026, 6, 1)))
    fact = record("convert_apply", on, ConversionFact(), role=Role.APPLICANT)
    assert ("convert_apply_early" in codes(facts, fact)) is is_refused
    assert clock.due(course(facts), "convert_apply") == D(2027, 5, 25)


@pytest.mark.parametrize(
    ("held_on", "due"),
    [(D(2026, 11, 30), D(2027, 2, 28)), (D(2027, 6, 5), D(2027, 9, 5)), (D(2027, 5, 31), D(2027, 8, 31))],
)
def test_conversion_approval_due(held_on, due):
    assert clock.due(course(case(resolved(held_on))), "convert_approve") == due


@pytest.mark.parametrize(
    ("standing_from", "is_refused"),
    [(D(2027, 6, 1), False), (D(2027, 5, 31), True), (D(2027, 7, 1), True), (None, True)],
)
def test_party_standing_from_the_day_probation_ends(standing_from, is_refused):
    facts = case(admitted(D(2026, 6, 1)), approved(D(2026, 6, 20), D(2026, 6, 1)), resolved(D(2027, 6, 10)))
    assert ("standing_date" in codes(facts, confirmed(D(2027, 7, 1), standing_from=standing_from))) is is_refused


@pytest.mark.parametrize(
    ("hours", "days", "is_refused"), [(24, 0, False), (23, 3, False), (23, 2, True), (0, 3, False), (24, 3, False)]
)
def test_training_of_24_hours_or_three_days(hours, days, is_refused):
    fact = record("training", D(2026, 6, 5), TrainingFact(D(2026, 6, 3), D(2026, 6, 5), hours, days), role=Role.TRAINER)
    assert ("training_short" in codes(case(), fact)) is is_refused


@pytest.mark.parametrize(("on", "is_refused"), [(D(2026, 5, 31), False), (D(2026, 6, 1), False), (D(2026, 6, 2), True)])
def test_political_review_valid_a_year(on, is_refused):
    facts = case(record("political_review", D(2025, 6, 1), PoliticalReviewFact(Outcome.PASSED)))
    assert ("review_expired" in codes(facts, pre_reviewed(on))) is is_refused


@pytest.mark.parametrize(("on", "is_refused"), [(D(2026, 5, 31), True), (D(2026, 6, 1), False), (D(2026, 6, 2), False)])
def test_rejoining_after_the_bar(on, is_refused):
    assert ("rejoin_bar" in codes(case(barred_until=D(2026, 6, 1)), applied(on))) is is_refused


@pytest.mark.parametrize(("on", "is_refused"), [(D(2026, 3, 30), True), (D(2026, 3, 31), False)])
def test_nomination_after_the_months_a_university_sets(on, is_refused):
    rules = merge(EDITION_2026_05, {"nomination.after_application": 3})
    assert ("nominate_early" in codes(case(applied(D(2025, 12, 31))), nominated(on), rules)) is is_refused


@pytest.mark.parametrize(("on", "by_league", "is_refused"), [
    (D(2027, 12, 31), False, True),
    (D(2027, 12, 31), True, False),
    (D(2028, 1, 1), False, False),
])  # fmt: skip
def test_league_members_under_28_are_nominated_by_the_league(on, by_league, is_refused):
    fact = record("nominate", on, NominationFact(by_league, on, MINUTES))
    facts = case(applied(D(2027, 1, 1)), is_league_member=True)
    assert ("league" in codes(facts, fact)) is is_refused


@pytest.mark.parametrize(
    ("since", "on", "ends"),
    [
        (D(2026, 4, 1), D(2026, 4, 1), [D(2026, 6, 30)]),
        (D(2026, 4, 2), D(2026, 4, 2), [D(2026, 9, 30)]),
        (D(2026, 2, 28), D(2026, 7, 1), [D(2026, 6, 30), D(2026, 9, 30)]),
        (D(2026, 10, 31), D(2027, 3, 31), [D(2027, 3, 31), D(2027, 6, 30)]),
    ],
)
def test_quarters_from_the_first_whole_one(since, on, ends):
    assert list(clock.quarter_ends(since, on)) == ends


def test_future_days_are_refused():
    fact = applied(D(2026, 6, 2))
    found = check_record(case(), RULES[XZ26], CALENDAR, fact, D(2026, 6, 1))
    assert [(refusal.code, refusal.earliest) for refusal in found] == [("future", D(2026, 6, 2))]

