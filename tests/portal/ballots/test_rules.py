"""The arithmetic of ballots, row by row (domain.md 3.3)."""

import pytest

from portal.ballots import rules
from portal.ballots.rules import Rule
from portal.ballots.vocabulary import Outcome
from portal.rulesets.editions import EDITION_2026_05, ORGANIZATION_2020

CONGRESS = [(1, 1, 1), (2, 2, 2), (3, 2, 2), (4, 3, 3), (7, 4, 4), (8, 5, 5), (10, 6, 6), (15, 8, 8), (50, 26, 26)]
ELECTION = [(3, 3), (4, 4), (5, 4), (7, 6), (8, 7), (10, 8), (15, 12), (50, 40)]


@pytest.mark.parametrize(("due", "present", "yes"), CONGRESS)
@pytest.mark.parametrize("rule", [Rule.CONGRESS, Rule.COMMITTEE])
def test_congress_counts_from_those_due(rule, due, present, yes):
    assert (rules.min_present(rule, due), rules.min_yes(rule, due, present)) == (present, yes)
    assert rules.decide_proposal(rule, due=due, present=due, yes=yes, no=due - yes).outcome == Outcome.PASSED
    assert rules.decide_proposal(rule, due=due, present=due, yes=yes - 1, no=0).outcome == Outcome.REJECTED
    assert rules.decide_proposal(rule, due=due, present=present - 1, yes=due, no=0).outcome == Outcome.REJECTED


@pytest.mark.parametrize(("due", "present"), ELECTION)
def test_election_opens_with_four_fifths(due, present):
    assert rules.min_present(Rule.ELECTION, due) == present
    assert rules.quorum(Rule.ELECTION, due, present).holds
    assert not rules.quorum(Rule.ELECTION, due, present - 1).holds


@pytest.mark.parametrize(("present", "yes"), [(4, 3), (5, 3), (6, 4), (8, 5), (12, 7), (15, 8)])
def test_election_counts_from_those_present(present, yes):
    assert rules.min_yes(Rule.ELECTION, present + 1, present) == yes


@pytest.mark.parametrize(("due", "present", "yes"), [(3, 2, 2), (4, 2, 3), (7, 4, 4), (8, 4, 5), (15, 8, 8)])
def test_ordinary_decision_opens_with_half(due, present, yes):
    assert (rules.min_present(Rule.ORDINARY, due), rules.min_yes(Rule.ORDINARY, due, present)) == (present, yes)


def test_shares_are_those_of_the_editions():
    def share(edition, code):
        value = next(value for value in edition.values if value.code == code)
        return value.amount, value.of, value.strict

    for code, found in (
        ("congress.quorum", rules.TERMS[Rule.CONGRESS].quorum),
        ("congress.majority", rules.TERMS[Rule.CONGRESS].majority),
    ):
        assert share(EDITION_2026_05, code) == (found.of.numerator, found.of.denominator, found.strict)
    for code, found in (
        ("election.quorum", rules.TERMS[Rule.ELECTION].quorum),
        ("election.majority", rules.TERMS[Rule.ELECTION].majority),
        ("committee_meeting.quorum", rules.TERMS[Rule.COMMITTEE].quorum),
    ):
        assert share(ORGANIZATION_2020, code) == (found.of.numerator, found.of.denominator, found.strict)
    assert share(ORGANIZATION_2020, "election.spare")[0] == rules.SPARE_PERCENT


@pytest.mark.parametrize(("seats", "need"), [(1, 2), (3, 4), (5, 6), (6, 8), (7, 9), (10, 12)])
def test_spare_candidates(seats, need):
    assert rules.spare(Rule.ELECTION, need, seats).holds
    assert not rules.spare(Rule.ELECTION, need - 1, seats).holds
    assert rules.spare(Rule.ELECTION_EQUAL, seats, seats).holds
    assert not rules.spare(Rule.ELECTION_EQUAL, seats - 1, seats).holds


# seats, votes of ten present: who is elected, who is tied, what comes of it
@pytest.mark.parametrize(
    ("seats", "votes", "elected", "tied", "outcome"),
    [
        (2, [9, 7, 3], (0, 1), (), Outcome.ELECTED),
        (2, [7, 9, 8], (1, 2), (), Outcome.ELECTED),
        (1, [5, 5], (), (), Outcome.REVOTE),  # half is not more than half
        (1, [6, 4], (0,), (), Outcome.ELECTED),
        (2, [8, 7, 7], (0,), (1, 2), Outcome.REVOTE),
        (2, [7, 7, 7], (), (0, 1, 2), Outcome.REVOTE),
        (2, [7, 7, 2], (0, 1), (), Outcome.ELECTED),
        (3, [9, 8, 2, 1], (0, 1), (), Outcome.REVOTE),
        (2, [9, 6, 6, 1], (0,), (1, 2), Outcome.REVOTE),
    ],
)
def test_election_fills_posts_by_most_votes(seats, votes, elected, tied, outcome):
    found = rules.decide_election(Rule.ELECTION, due=12, present=10, seats=seats, votes=votes)
    assert (found.elected, found.tied, found.outcome) == (elected, tied, outcome)


def test_election_without_quorum_elects_nobody():
    found = rules.decide_election(Rule.ELECTION, due=15, present=11, seats=1, votes=[11, 0])
    assert (found.elected, found.outcome) == ((), Outcome.REVOTE)


def test_plurality_needs_more_for_than_against_and_no_quorum():
    assert rules.min_present(Rule.PLURALITY, 100) == 0
    assert rules.decide_proposal(Rule.PLURALITY, due=100, present=3, yes=2, no=1).outcome == Outcome.PASSED
    assert rules.decide_proposal(Rule.PLURALITY, due=100, present=4, yes=2, no=2).outcome == Outcome.REJECTED


def test_choice_takes_the_most_and_never_what_nobody_chose():
    found = rules.decide_choice(seats=2, votes=[0, 3, 0])
    assert (found.elected, found.tied) == ((1,), ())
    found = rules.decide_choice(seats=1, votes=[3, 3, 1])
    assert (found.elected, found.tied) == ((), (0, 1))


def test_sums_are_said_in_words_with_their_article():
    opens, carries = rules.decide_proposal(Rule.CONGRESS, due=15, present=12, yes=7, no=5).sums
    assert opens.words.startswith("12 of 15 due are present; at least 8 must be. (")
    assert carries.words.startswith("7 in favor of 15 due; at least 8 are needed. (")
    assert (opens.holds, carries.holds) == (True, False)
    assert rules.Sum.from_json(carries.to_json()) == carries


def test_more_papers_back_than_issued_cannot_be_counted():
    assert rules.returned(10, 10).holds
    assert not rules.returned(10, 11).holds
