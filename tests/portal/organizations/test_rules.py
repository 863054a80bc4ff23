"""The rules of size, officers and terms: the rows of domain.md 1.2 and 1.3, edges first."""

from datetime import date, timedelta

import pytest

from portal.organizations.models import BRANCH_TYPES, OrganizationType
from portal.organizations.rules import (
    LED_TYPES,
    TERM_YEARS,
    BranchFacts,
    Finding,
    branch_findings,
    latest_start,
    may_merge,
    reminder_mark,
    term_end,
)


def test_types_of_the_rules_are_those_of_the_tree():
    assert {str(org_type) for org_type in BRANCH_TYPES} == LED_TYPES
    assert set(TERM_YEARS) <= set(OrganizationType.values)


@pytest.mark.parametrize(
    ("org_type", "started", "years", "end"),
    [
        ("branch", date(2024, 3, 1), None, date(2027, 3, 1)),
        ("general_branch", date(2024, 3, 1), None, date(2027, 3, 1)),
        ("college_committee", date(2024, 3, 1), None, date(2029, 3, 1)),
        ("university_committee", date(2024, 3, 1), None, date(2029, 3, 1)),
        ("branch", date(2024, 3, 1), 2, date(2026, 3, 1)),
        ("branch", date(2024, 2, 29), 3, date(2027, 2, 28)),
        ("branch", date(2024, 2, 29), 4, date(2028, 2, 29)),
        ("group", date(2024, 3, 1), None, None),
        ("temporary_branch", date(2024, 3, 1), None, None),
        ("branch", None, 3, None),
        ("branch", date(9998, 1, 1), 3, None),
    ],
)
def test_term_end_by_type_and_years(org_type, started, years, end):
    assert term_end(org_type, started, years) == end


@pytest.mark.parametrize("years", [1, 3, 4, 5])
def test_latest_start_is_the_last_day_whose_term_is_over(years):
    day, last = date(2027, 2, 20), date(2028, 3, 5)
    while day <= last:
        start = latest_start(day, years)
        assert term_end("branch", start, years) <= day < term_end("branch", start + timedelta(days=1), years)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "mark"),
    [(181, None), (180, "180"), (91, "180"), (90, "90"), (31, "90"), (30, "30"), (0, "30"),
     (-1, "late-1"), (-7, "late-1"), (-8, "late-2"), (-15, "late-3")],
)  # fmt: skip
def test_reminder_mark_changes_at_the_thresholds(left, mark):
    ends_on = date(2026, 6, 30)
    assert reminder_mark(ends_on, ends_on - timedelta(days=left)) == mark


FEW, NO_COMMITTEE, MANY, NO_SECRETARY = (
    Finding.TOO_FEW_FULL_MEMBERS,
    Finding.NO_COMMITTEE,
    Finding.TOO_MANY_MEMBERS,
    Finding.NO_SECRETARY,
)


@pytest.mark.parametrize(
    ("org_type", "full", "probationary", "committee", "secretary", "found"),
    [
        ("branch", 2, 5, 1, True, [FEW]),
        ("branch", 3, 0, 1, True, []),
        ("branch", 6, 30, 1, True, []),
        ("branch", 7, 0, 2, True, [NO_COMMITTEE]),
        ("branch", 7, 0, 3, True, []),
        ("branch", 45, 5, 5, True, []),
        ("branch", 45, 6, 5, True, [MANY]),
        ("branch", 51, 0, 0, False, [NO_COMMITTEE, MANY, NO_SECRETARY]),
        ("joint_branch", 0, 0, 0, False, [FEW, NO_SECRETARY]),
        ("temporary_branch", 0, 0, 0, False, [NO_SECRETARY]),
        ("functional_branch", 0, 0, 1, True, []),
        ("group", 0, 0, 0, False, []),
        ("college_committee", 0, 0, 0, False, []),
    ],
)
def test_branch_findings_at_the_thresholds(org_type, full, probationary, committee, secretary, found):
    facts = BranchFacts(org_type, full, probationary, committee, secretary)
    assert branch_findings(facts) == found


@pytest.mark.parametrize("finding", Finding)
def test_every_finding_has_words_and_a_source(finding):
    assert (bool(finding.label), bool(finding.source)) == (True, True)


@pytest.mark.parametrize(
    ("earlier", "later", "may"),
    [
        ("branch", "joint_branch", True),
        ("group", "group", True),
        ("college_committee", "college_committee", True),
        ("branch", "college_committee", False),
        ("branch", "group", False),
    ],
)
def test_may_merge_like_into_like(earlier, later, may):
    assert may_merge(earlier, later) is may
