"""Quorum and majority as in domain.md 3.3: a congress counts from those due, an election from those present."""

from dataclasses import replace
from datetime import date

import pytest

from members.recruitment.engine.arithmetic import committee, congress
from members.recruitment.engine.bans import BANS
from members.recruitment.engine.check import check_record
from members.recruitment.engine.details import BallotFact, Outcome
from portal.ballots.rules import SENTENCES, Rule, decide_proposal
from tests.factories.dossiers import BALLOT, CALENDAR, RULES_2026, before_step, clean_dossier, fact_of

# due, fewest present, fewest in favor
CONGRESS = [(1, 1, 1), (2, 2, 2), (3, 2, 2), (4, 3, 3), (7, 4, 4), (8, 5, 5), (10, 6, 6), (15, 8, 8), (50, 26, 26)]


@pytest.mark.parametrize(("due", "min_present", "min_yes"), CONGRESS)
def test_congress_least_numbers(due, min_present, min_yes):
    verdict = congress(due, due, due)
    assert (verdict.min_present, verdict.min_yes) == (min_present, min_yes)
    assert (verdict.opens, verdict.passes) == (True, True)


@pytest.mark.parametrize(("due", "min_present", "min_yes"), CONGRESS)
def test_congress_one_too_few_present(due, min_present, min_yes):
    verdict = congress(due, min_present - 1, min_present - 1)
    assert (verdict.opens, verdict.passes) == (False, False)


@pytest.mark.parametrize(("due", "min_present", "min_yes"), CONGRESS)
def test_congress_one_vote_too_few(due, min_present, min_yes):
    verdict = congress(due, due, min_yes - 1)
    assert (verdict.opens, verdict.passes) == (True, False)


@pytest.mark.parametrize(
    ("due", "present", "yes", "written", "opens", "passes"),
    [
        (10, 6, 6, 0, True, True),
        (10, 5, 6, 1, False, False),  # who wrote is not present: no quorum although six voted in favor
        (10, 6, 6, 1, True, True),  # five of those present and one who wrote
        (10, 9, 5, 0, True, False),  # five of ten is not more than half, though it were of nine
        (7, 4, 4, 0, True, True),
        (7, 4, 5, 0, True, True),  # votes nobody could cast count for nothing
        (8, 5, 4, 0, True, False),
    ],
)
def test_congress_written_opinions(due, present, yes, written, opens, passes):
    verdict = congress(due, present, yes, written)
    assert (verdict.opens, verdict.passes) == (opens, passes)


def test_verdict_says_its_sums():
    assert congress(10, 5, 5).words == (
        "5 of 10 due are present; at least 6 must be.",
        "5 in favor of 10 due; at least 6 are needed.",
    )


def test_votes_of_a_committee_are_those_of_people_present():
    assert committee(5, 3, 5).favor.numbers["yes"] == 3
    assert (committee(5, 3, 3).passes, committee(5, 2, 3).opens) == (True, False)


def test_sums_of_a_case_are_said_as_those_of_a_ballot():
    sums = decide_proposal(Rule.CONGRESS, due=10, present=5, yes=5, no=0).sums
    verdict = congress(10, 5, 5)
    assert (verdict.presence, verdict.favor) == sums
    assert [BANS[code].words for code in ("quorum", "majority")] == [SENTENCES[line.code] for line in sums]


def ballot(due, present, yes, no=0, abstain=None, **changes) -> BallotFact:
    abstain = present - yes - no if abstain is None else abstain
    numbers = {"due": due, "present": present, "issued": present, "returned": present}
    return replace(BALLOT, **numbers, yes=yes, no=no, abstain=abstain, **changes)


FAILED = {"outcome": Outcome.REJECTED}
BALLOTS = [
    (ballot(3, 2, 2), []),
    (ballot(3, 1, 1), ["quorum"]),
    (ballot(4, 2, 2), ["quorum"]),
    (ballot(4, 3, 3), []),
    (ballot(4, 3, 2), ["majority"]),
    (ballot(7, 4, 4), []),
    (ballot(7, 4, 3), ["majority"]),
    (ballot(7, 3, 3), ["quorum"]),
    (ballot(8, 5, 5), []),
    (ballot(8, 4, 4), ["quorum"]),
    (ballot(8, 5, 4, 1), ["majority"]),
    (ballot(10, 6, 6), []),
    (ballot(10, 5, 5), ["quorum"]),
    (ballot(10, 10, 5, 5), ["majority"]),
    (ballot(15, 8, 8), []),
    (ballot(15, 7, 7), ["quorum"]),
    (ballot(15, 15, 7, 0, 8), ["majority"]),
    (ballot(10, 6, 5, 1, 0, **FAILED), []),
    (ballot(10, 6, 6, **FAILED), ["outcome"]),
    (ballot(10, 11, 11), ["present_over_due"]),
    (ballot(10, 9, 8, 1, 1), ["count_sums"]),
    (ballot(10, 9, 8, 0, 0), ["count_sums"]),
    (ballot(10, 9, 8, 0, 1, invalid=1), ["count_sums"]),
    (ballot(10, 9, 7, 0, 1, invalid=1), []),
    (replace(ballot(10, 9, 9), issued=10), ["issued_over_present"]),
    (replace(ballot(10, 9, 9), returned=10, yes=10), ["returned_over_issued"]),
    (replace(ballot(10, 9, 8), returned=8, abstain=0), []),
    (ballot(10, 6, 7, 0, 0, written=1), []),
    (ballot(10, 6, 6, 0, 1, written=1), []),
    (ballot(10, 10, 10, 0, 1, written=1), ["present_over_due"]),
    (ballot(10, 5, 6, 0, 0, written=1), ["quorum"]),
    (ballot(10, 9, 8, candidates=2), ["several_candidates"]),
    (ballot(10, 9, 8, candidates=0), ["several_candidates"]),
    (ballot(10, 9, 8, is_secret=False), ["open_ballot"]),
    (ballot(10, 9, 8, candidate_present=False), ["candidate_absent"]),
    (ballot(10, 9, 8, sponsors_present=1), ["sponsors_absent"]),
    (replace(ballot(10, 9, 8), abstain=None), ["count_missing"]),
    (replace(ballot(10, 9, 8), due=None), ["count_missing"]),
    (replace(ballot(10, 9, 8), yes=9, abstain=1, no=-1), ["count_sums"]),
    (ballot(10, 9, 8, outcome=Outcome.EXTENDED, months=6), ["outcome_unknown"]),
]


@pytest.mark.parametrize(("details", "codes"), BALLOTS)
def test_ballot_refused_by_its_numbers(details, codes):
    facts = clean_dossier()
    fact = replace(fact_of(facts, "congress", "ballot"), details=details)
    found = check_record(before_step(facts, "congress", "ballot"), RULES_2026, CALENDAR, fact, date(2030, 1, 1))
    assert [refusal.code for refusal in found] == codes
