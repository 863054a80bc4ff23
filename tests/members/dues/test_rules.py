"""The regulation on dues, case by case: domain.md 6.1, its edges first."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from members.dues.editions import national
from members.dues.rules import (
    Kind,
    MonthState,
    PaidFact,
    PersonFacts,
    ReductionFact,
    Risk,
    StandardFact,
    Stay,
    amount_owed,
    assess,
    owed_in,
    pays_fixed,
    refusals_of_payment,
    refusals_of_reduction,
    risk_of,
    state_of,
    unpaid_run,
    usual_kind,
)

RULES = national()


@pytest.mark.parametrize(
    ("kind", "base", "amount", "percent", "article"),
    [
        ("monthly", "0", "0.00", "0.5", "DF08 2"),
        ("monthly", "0.99", "0.00", "0.5", "DF08 2"),
        ("monthly", "1", "0.01", "0.5", "DF08 2"),  # 0.005, half up
        ("monthly", "2999.99", "15.00", "0.5", "DF08 2"),
        ("monthly", "3000", "15.00", "0.5", "DF08 2"),
        ("monthly", "3000.01", "30.00", "1", "DF08 2"),
        ("monthly", "3000.50", "30.01", "1", "DF08 2"),  # 30.005
        ("monthly", "4999.99", "50.00", "1", "DF08 2"),
        ("monthly", "5000", "50.00", "1", "DF08 2"),
        ("monthly", "5000.01", "75.00", "1.5", "DF08 2"),
        ("monthly", "9999.99", "150.00", "1.5", "DF08 2"),
        ("monthly", "10000", "150.00", "1.5", "DF08 2"),
        ("monthly", "10000.01", "200.00", "2", "DF08 2"),
        ("monthly", "25000", "500.00", "2", "DF08 2"),
        ("annual", "5000.01", "75.00", "1.5", "DF08 2"),
        ("irregular", "3000", "15.00", "0.5", "DF08 2"),
        ("retired", "5000", "25.00", "0.5", "DF08 5"),
        ("retired", "5000.01", "50.00", "1", "DF08 5"),
        ("retired", "10000.01", "100.00", "1", "DF08 5"),
        ("student", None, "0.20", None, "DF08"),
        ("student", "9000", "0.20", None, "DF08"),
        ("no_income", None, "0.20", None, "DF08"),
    ],
)
def test_assess_at_the_edges(kind, base, amount, percent, article):
    found = assess(kind, None if base is None else Decimal(base), RULES)
    assert (found.amount, found.percent, found.article) == (
        Decimal(amount), None if percent is None else Decimal(percent), article,
    )  # fmt: skip


@pytest.mark.parametrize("base", [None, "-0.01"])
def test_assess_refuses_what_is_no_base(base):
    with pytest.raises(ValueError, match="base"):
        assess("monthly", None if base is None else Decimal(base), RULES)


def test_assessment_shows_its_arithmetic():
    with translation.override("en"):
        words = assess("monthly", Decimal("3000.01"), RULES).words(Decimal("3000.01"))
    assert words == "3000.01 × 1 % = 30.00 yuan a month (Regulation on membership dues (2008), article 2)"


@pytest.mark.parametrize(
    ("kind", "usual", "fixed"),
    [
        ("undergraduate", Kind.STUDENT, True), ("master", Kind.STUDENT, True), ("doctor", Kind.STUDENT, True),
        ("in_service", Kind.MONTHLY, False), ("teacher", Kind.MONTHLY, False), ("retired", Kind.RETIRED, False),
        ("veteran", Kind.RETIRED, False), ("", Kind.MONTHLY, False),
    ],
)  # fmt: skip
def test_usual_kind_of_a_person(kind, usual, fixed):
    assert (usual_kind(kind), pays_fixed(kind)) == (usual, fixed)


def day(text):
    return date.fromisoformat(text)


def facts(*stays, **more):
    """Return facts of a member in node 1 unless ``stays`` say otherwise: (node, standing, since, until)."""
    found = [
        Stay(node, standing, day(since), None if until is None else day(until))
        for node, standing, since, until in stays
    ]
    given = {"ledgers": {1: date(2020, 1, 1), 2: date(2020, 1, 1)}, "person_kind": "undergraduate"}
    return PersonFacts(stays=found, **{**given, **more})


MEMBER = (1, "full_member", "2020-01-01", None)


@pytest.mark.parametrize(
    ("stays", "more", "month", "node"),
    [
        ([MEMBER], {}, "2026-11-01", 1),
        ([(1, "probationary", "2026-11-30", None)], {}, "2026-11-01", 1),  # the whole month, from the congress day
        ([(1, "probationary", "2026-12-01", None)], {}, "2026-11-01", None),
        ([(1, "full_member", "2020-01-01", "2026-11-01")], {}, "2026-11-01", 1),
        ([(1, "full_member", "2020-01-01", "2026-10-31")], {}, "2026-11-01", None),
        # moved within the month: the branch of its first day has it, the next month the new one
        ([(1, "full_member", "2020-01-01", "2026-11-14"), (2, "full_member", "2026-11-15", None)], {}, "2026-11-01", 1),
        ([(1, "full_member", "2020-01-01", "2026-11-14"), (2, "full_member", "2026-11-15", None)], {}, "2026-12-01", 2),
        ([(1, "full_member", "2020-01-01", "2026-10-31"), (2, "full_member", "2026-11-01", None)], {}, "2026-11-01", 2),
        # approved in December after a congress in October: back to the month of the congress (DF08)
        (
            [(1, "development_target", "2025-01-01", "2026-12-09"), (1, "probationary", "2026-12-10", None)],
            {"joined_on": date(2026, 10, 31), "standing": "probationary"}, "2026-10-01", 1,
        ),
        (
            [(1, "development_target", "2025-01-01", "2026-12-09"), (1, "probationary", "2026-12-10", None)],
            {"joined_on": date(2026, 10, 31), "standing": "probationary"}, "2026-09-01", None,
        ),
        (
            [(1, "development_target", "2025-01-01", None)],
            {"joined_on": date(2026, 10, 31), "standing": "development_target"}, "2026-11-01", None,
        ),
        ([(1, "activist", "2020-01-01", None)], {"standing": "activist"}, "2026-11-01", None),
        # no ledger: a temporary branch, or one that has not begun
        ([(3, "full_member", "2020-01-01", None)], {}, "2026-11-01", None),
        ([MEMBER], {"ledgers": {1: date(2026, 12, 1)}}, "2026-11-01", None),
        ([MEMBER], {"ledgers": {1: date(2026, 11, 1)}}, "2026-11-01", 1),
        ([], {}, "2026-11-01", None),
    ],
)  # fmt: skip
def test_owed_in_the_branch_of_the_month(stays, more, month, node):
    assert owed_in(facts(*stays, **more), day(month)) == node


@pytest.mark.parametrize(
    ("more", "month", "amount"),
    [
        ({}, "2026-11-01", "0.20"),
        ({"person_kind": "teacher"}, "2026-11-01", None),
        ({"person_kind": "in_service"}, "2026-11-01", None),
        ({"standards": [StandardFact(date(2026, 11, 1), None, Decimal(30))]}, "2026-10-01", "0.20"),
        ({"standards": [StandardFact(date(2026, 11, 1), None, Decimal(30))]}, "2026-11-01", "30"),
        ({"standards": [StandardFact(date(2026, 1, 1), date(2026, 10, 1), Decimal(15))]}, "2026-10-01", "15"),
        ({"standards": [StandardFact(date(2026, 1, 1), date(2026, 10, 1), Decimal(15))]}, "2026-11-01", "0.20"),
        ({"reductions": [ReductionFact(date(2026, 11, 1), date(2026, 11, 1), Decimal(0))]}, "2026-11-01", "0"),
        ({"reductions": [ReductionFact(date(2026, 11, 1), date(2026, 11, 1), Decimal(0))]}, "2026-12-01", "0.20"),
        (
            {"standards": [StandardFact(date(2026, 1, 1), None, Decimal(15))],
             "reductions": [ReductionFact(date(2026, 1, 1), date(2026, 12, 1), Decimal(5))]}, "2026-11-01", "5",
        ),
    ],
)  # fmt: skip
def test_amount_owed_as_of_the_month(more, month, amount):
    assert amount_owed(facts(MEMBER, **more), day(month)) == (None if amount is None else Decimal(amount))


def paid(*months):
    return {day(f"{month}-01"): PaidFact(day(f"{month}-01"), Decimal("0.20"), f"R{month}") for month in months}


@pytest.mark.parametrize(
    ("more", "month", "state"),
    [
        ({}, "2026-11-01", MonthState.OPEN),
        ({}, "2026-12-01", MonthState.OPEN),
        ({}, "2026-10-01", MonthState.UNPAID),
        ({}, "2026-05-01", MonthState.UNPAID),
        ({}, "2026-04-01", MonthState.LOST),
        ({"paid": paid("2026-04")}, "2026-04-01", MonthState.PAID),
        ({"person_kind": "teacher"}, "2026-10-01", MonthState.UNSET),
        ({"reductions": [ReductionFact(date(2026, 10, 1), date(2026, 10, 1), Decimal(0))]}, "2026-10-01", "waived"),
        ({"ledgers": {}}, "2026-10-01", MonthState.NOT_OWED),
    ],
)
def test_state_of_a_month(more, month, state):
    assert state_of(facts(MEMBER, **more), day(month), on=date(2026, 11, 22)) == state


@pytest.mark.parametrize(
    ("more", "stays", "run"),
    [
        ({"paid": paid("2026-10")}, [MEMBER], 0),
        ({"paid": paid("2026-09")}, [MEMBER], 1),
        ({"paid": paid("2026-07")}, [MEMBER], 3),
        ({"paid": paid("2026-07", "2026-09")}, [MEMBER], 1),  # a gap before the last payment does not count
        ({"paid": paid("2026-05")}, [MEMBER], 5),
        ({"paid": paid("2026-04")}, [MEMBER], 6),
        ({}, [MEMBER], 12),  # followed no further
        ({"ledgers": {1: date(2026, 9, 1)}}, [MEMBER], 2),
        ({}, [(1, "probationary", "2026-10-31", None)], 1),
        ({}, [(1, "probationary", "2026-11-01", None)], 0),
        # three months in a branch that does not collect neither count nor end the run
        (
            {}, [(1, "full_member", "2026-05-01", "2026-06-30"), (3, "full_member", "2026-07-01", "2026-09-30"),
                 (1, "full_member", "2026-10-01", None)], 3,
        ),
        ({"reductions": [ReductionFact(date(2026, 8, 1), date(2026, 8, 1), Decimal(0))]}, [MEMBER], 2),
        ({"reductions": [ReductionFact(date(2026, 8, 1), date(2026, 8, 1), Decimal("0.1"))]}, [MEMBER], 12),
        ({"person_kind": "teacher"}, [MEMBER], 12),
    ],
)  # fmt: skip
def test_unpaid_run_in_a_row(more, stays, run):
    assert unpaid_run(facts(*stays, **more), on=date(2026, 11, 22)) == run


def test_unpaid_run_by_the_latest_month_alone():
    found = facts(MEMBER)
    assert unpaid_run(found, on=date(2026, 11, 30), last_paid=date(2026, 7, 1)) == 3
    assert unpaid_run(found, on=date(2026, 12, 1), last_paid=date(2026, 7, 1)) == 4


@pytest.mark.parametrize(
    ("run", "risk"),
    [(0, Risk.NONE), (2, Risk.NONE), (3, Risk.WARNED), (4, Risk.WARNED), (5, Risk.NEAR), (6, Risk.REACHED),
     (12, Risk.REACHED)],
)  # fmt: skip
def test_risk_of_a_run(run, risk):
    assert risk_of(run, RULES) == risk


ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("more", "month", "amount", "paid_on", "codes"),
    [
        ({}, "2026-11-01", None, "2026-11-22", []),
        ({}, "2026-11-01", "0.20", "2026-11-22", []),
        ({}, "2026-11-01", "5", "2026-11-22", []),  # more is free
        ({}, "2026-11-01", "0.19", "2026-11-22", ["too_little"]),
        ({}, "2026-11-01", None, "2026-11-23", ["future"]),
        ({}, "2026-05-01", None, "2026-11-22", []),  # six months back
        ({}, "2026-04-01", None, "2026-11-01", ["too_late"]),  # seven
        ({}, "2026-04-01", None, "2026-10-31", []),  # paid while it could be made up, recorded later
        ({}, "2026-12-01", None, "2026-11-22", []),  # to the end of the quarter
        ({}, "2027-01-01", None, "2026-11-22", ["too_early"]),
        ({"paid": paid("2026-11")}, "2026-11-01", None, "2026-11-22", ["paid"]),
        ({"ledgers": {}}, "2026-11-01", None, "2026-11-22", ["not_owed"]),
        ({"ledgers": {}}, "2026-04-01", None, "2026-11-23", ["future", "not_owed", "too_late"]),  # every reason at once
        ({"person_kind": "teacher"}, "2026-11-01", "15", "2026-11-22", ["unset"]),
        (
            {"reductions": [ReductionFact(date(2026, 11, 1), date(2026, 11, 1), Decimal(0))]},
            "2026-11-01", None, "2026-11-22", ["waived"],
        ),
        (
            {"reductions": [ReductionFact(date(2026, 11, 1), date(2026, 11, 1), Decimal(0))]},
            "2026-11-01", "1", "2026-11-22", [],  # paid all the same
        ),
        (
            {"reductions": [ReductionFact(date(2026, 11, 1), date(2026, 11, 1), Decimal(0))]},
            "2026-11-01", "0", "2026-11-22", ["nothing"],
        ),
        (
            {"reductions": [ReductionFact(date(2026, 11, 1), date(2026, 11, 1), Decimal("0.10"))]},
            "2026-11-01", "0.10", "2026-11-22", [],
        ),
    ],
)  # fmt: skip
def test_refusals_of_a_payment(more, month, amount, paid_on, codes):
    found = refusals_of_payment(
        facts(MEMBER, **more), day(month), nodes=[1], amount=None if amount is None else Decimal(amount),
        paid_on=day(paid_on), on=ON,
    )  # fmt: skip
    assert [refusal.code for refusal in found] == codes
    assert all("%" not in str(refusal) for refusal in found)


def test_refusal_in_another_branch_and_its_words():
    found = refusals_of_payment(facts(MEMBER), date(2026, 11, 1), nodes=[2], amount=None, paid_on=ON, on=ON)
    assert [refusal.code for refusal in found] == ["elsewhere"]
    late = refusals_of_payment(facts(MEMBER), date(2026, 4, 1), nodes=[1], amount=None, paid_on=ON, on=ON)
    with translation.override("en"):
        words = [str(refusal) for refusal in late]
    assert words == [
        "Dues are made up for at most 6 months (Regulation on membership dues (2008)): "
        "from April 2026 to November 2026 it is 7."
    ]


@pytest.mark.parametrize(
    ("first", "last", "amount", "taken", "decided_on", "codes"),
    [
        ("2026-11-01", "2027-10-01", "0", [], "2026-11-22", []),
        ("2026-11-01", "2027-11-01", "0", [], "2026-11-22", ["too_long"]),
        ("2026-11-01", "2026-10-01", "0", [], "2026-11-22", ["order"]),
        ("2026-05-01", "2026-10-01", "0", [], "2026-11-22", []),
        ("2026-04-01", "2026-10-01", "0", [], "2026-11-22", ["too_late"]),
        ("2026-11-01", "2026-11-01", "0.20", [], "2026-11-22", ["not_less"]),
        ("2026-11-01", "2026-11-01", "0.19", [], "2026-11-22", []),
        ("2026-11-01", "2026-11-01", "0", [], "2026-11-23", ["future"]),
        ("2026-11-01", "2026-12-01", "0", [("2026-12-01", "2027-01-01")], "2026-11-22", ["overlap"]),
        ("2026-11-01", "2026-12-01", "0", [("2027-01-01", "2027-01-01")], "2026-11-22", []),
    ],
)
def test_refusals_of_a_reduction(first, last, amount, taken, decided_on, codes):
    found = refusals_of_reduction(
        facts(MEMBER), first=day(first), last=day(last), amount=Decimal(amount),
        taken=[(day(begun), day(ended)) for begun, ended in taken], decided_on=day(decided_on), on=ON,
    )  # fmt: skip
    assert [refusal.code for refusal in found] == codes
    assert all("%" not in str(refusal) for refusal in found)


def test_reduction_of_a_base_that_is_not_confirmed():
    found = refusals_of_reduction(
        facts(MEMBER, person_kind="teacher"), first=ON.replace(day=1), last=ON.replace(day=1), amount=Decimal(0),
        taken=[], decided_on=ON, on=ON,
    )  # fmt: skip
    assert [refusal.code for refusal in found] == ["unset"]
