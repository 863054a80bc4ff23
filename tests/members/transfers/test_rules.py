"""States, sides, checks and clocks as tables, without a database."""

from datetime import date

import pytest

from members.transfers.rules.checks import (
    CheckFacts,
    gaps_before_accept,
    gaps_before_check,
    gaps_before_issue,
    gaps_before_request,
)
from members.transfers.rules.clocks import (
    LETTER_LEADS,
    RelationState,
    clock,
    contact_due,
    expires_on,
    is_escalated,
    lead_mark,
    limit_of,
    marks_of,
)
from members.transfers.rules.states import (
    CLOSED,
    STEPS,
    Answering,
    Route,
    Side,
    State,
    Verb,
    allowed,
    answers_for,
    turn_of,
)

PERSON, SB, SC, RB, RC = (
    Side.PERSON, Side.SENDER_BRANCH, Side.SENDER_COMMITTEE, Side.RECEIVER_BRANCH, Side.RECEIVER_COMMITTEE,
)  # fmt: skip
# route, state: what each side may do; a side that is not named may do nothing.
MAY = {
    ("within", "requested"): {PERSON: "withdraw", SB: "check reject withdraw"},
    ("within", "branch_checked"): {SB: "withdraw", RB: "accept reject"},
    ("between", "requested"): {PERSON: "withdraw", SB: "check reject withdraw"},
    ("between", "branch_checked"): {SB: "withdraw", SC: "issue reject"},
    ("between", "committee_issued"): {SC: "withdraw", RC: "receive reject"},
    ("between", "online_pending"): {SC: "withdraw", RB: "accept reject"},
    ("between", "carried"): {SC: "withdraw"},
    ("between", "expired"): {SC: "reissue withdraw"},
    ("between", "reissued"): {SC: "withdraw", RC: "receive reject"},
    ("out", "requested"): {PERSON: "withdraw", SB: "check reject withdraw"},
    ("out", "branch_checked"): {SB: "withdraw", SC: "issue reject"},
    ("out", "committee_issued"): {SC: "hand-over send withdraw"},
    ("out", "carried"): {SC: "accept reject withdraw"},
    ("out", "online_pending"): {SC: "accept reject withdraw"},
    ("out", "expired"): {SC: "accept reissue reject withdraw"},
    ("out", "reissued"): {SC: "hand-over send withdraw"},
    ("in", "requested"): {PERSON: "withdraw", RB: "check reject withdraw"},
    ("in", "branch_checked"): {RC: "accept reject"},
    ("in", "expired"): {RB: "reissue withdraw"},
    ("in", "reissued"): {RB: "check reject withdraw"},
}


@pytest.mark.parametrize("side", [PERSON, SB, SC, RB, RC], ids=str)
@pytest.mark.parametrize("state", list(State), ids=str)
@pytest.mark.parametrize("route", list(Route), ids=str)
def test_each_side_may_what_the_table_says(route, state, side):
    words = MAY.get((route.value, state.value), {}).get(side, "")
    assert {verb.value for verb in allowed(route, state, [side])} == set(words.split())


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.route}-{step.verb}")
def test_no_step_leaves_a_closed_state_or_stays(step):
    assert step.sources & CLOSED == frozenset()
    assert step.target not in step.sources


@pytest.mark.parametrize(
    ("route", "state", "sides"),
    [
        (Route.WITHIN, State.REQUESTED, {SB}),
        (Route.WITHIN, State.BRANCH_CHECKED, {RB}),
        (Route.BETWEEN, State.BRANCH_CHECKED, {SC}),
        (Route.BETWEEN, State.COMMITTEE_ISSUED, {RC}),
        (Route.BETWEEN, State.ONLINE_PENDING, {RB}),
        (Route.OUT, State.CARRIED, {SC}),
        (Route.OUT, State.EXPIRED, {SC}),
        (Route.IN, State.REQUESTED, {RB}),
        (Route.IN, State.BRANCH_CHECKED, {RC}),
        (Route.OUT, State.ACCEPTED, set()),
        (Route.IN, State.WITHDRAWN, set()),
    ],
)
def test_turn_of(route, state, sides):
    assert turn_of(route, state) == frozenset(sides)


D = date(2026, 6, 10)


@pytest.mark.parametrize("state", list(State), ids=str)
def test_sender_answers_until_the_day_of_acceptance(state):
    accepted_on = D if state == State.ACCEPTED else None
    before, then = (answers_for(state, accepted_on, on=day) for day in (date(2026, 6, 9), D))
    assert before == Answering.SENDER
    assert then == (Answering.RECEIVER if state == State.ACCEPTED else Answering.SENDER)


def codes(gaps):
    return [gap.code for gap in gaps]


FULL = {"standing": "full_member", "dues_paid_to": D, "file_checked": True}


@pytest.mark.parametrize(
    ("facts", "leaves", "found"),
    [
        ({}, True, []),
        ({"dues_paid_to": None}, True, ["dues_unknown"]),
        ({"dues_paid_to": date(2026, 5, 31)}, True, ["dues_owed"]),
        ({"dues_paid_to": date(2026, 6, 1)}, True, []),
        ({"dues_paid_to": date(2026, 12, 1)}, True, []),
        ({"standing": "activist", "dues_paid_to": None}, False, []),
        ({"standing": "probationary", "joined_on": date(2025, 6, 11)}, True, []),
        ({"standing": "probationary", "joined_on": date(2025, 6, 10)}, True, ["conversion_due"]),
        ({"standing": "probationary", "joined_on": date(2024, 2, 29)}, True, ["conversion_due"]),
        (
            {"standing": "probationary", "joined_on": date(2025, 1, 1), "probation_until": date(2026, 12, 1)},
            True,
            [],
        ),
        ({"standing": "full_member", "joined_on": date(2020, 1, 1)}, True, []),
        ({"matters": ["a", "b"]}, True, ["open_matter", "open_matter"]),
        ({"holds_posts": ["secretary"]}, False, ["holds_posts"]),
        ({"missing": ["sex"]}, True, ["fields_missing"]),
        ({"missing": ["sex"]}, False, []),
        ({"file_checked": False}, True, ["file_unchecked"]),
        (
            {"dues_paid_to": None, "matters": ["a"], "missing": ["sex"], "file_checked": False},
            True,
            ["dues_unknown", "open_matter", "fields_missing", "file_unchecked"],
        ),
    ],
)
def test_gaps_before_check(facts, leaves, found):
    assert codes(gaps_before_check(CheckFacts(**{**FULL, **facts}), leaves_university=leaves, on=D)) == found


@pytest.mark.parametrize(
    ("facts", "leaves", "destination", "found"),
    [
        ({}, True, "", []),
        ({"has_open_transfer": True}, True, "", ["already_open"]),
        ({"standing": "activist"}, True, "", ["no_relation"]),
        ({"standing": "activist"}, False, "branch", []),
        ({}, False, "temporary_branch", ["holds_no_relations"]),
        ({}, False, "functional_branch", ["holds_no_relations"]),
        ({}, False, "joint_branch", []),
    ],
)
def test_gaps_before_request(facts, leaves, destination, found):
    gaps = gaps_before_request(
        CheckFacts(**{**FULL, **facts}), leaves_university=leaves, destination_type=destination
    )
    assert codes(gaps) == found


@pytest.mark.parametrize(
    ("can_approve", "days", "found"),
    [
        (True, 1, []), (True, 90, []), (True, 0, ["valid_days"]), (True, 91, ["valid_days"]),
        (False, 90, ["no_authority"]), (False, 0, ["no_authority", "valid_days"]),
    ],
)  # fmt: skip
def test_gaps_before_issue(can_approve, days, found):
    assert codes(gaps_before_issue(can_approve=can_approve, valid_days=days)) == found


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2026, 6, 10), []),
        (date(2026, 6, 11), ["future", "letter_expired"]),
        (date(2026, 6, 5), []),
        (date(2026, 6, 4), ["too_early", "before_place"]),
    ],
)
def test_gaps_before_accept(on, found):
    gaps = gaps_before_accept(on=on, today=D, since=date(2026, 6, 5), expires_on=D, placed_since=date(2026, 6, 5))
    assert codes(gaps) == found


def test_letter_holds_on_its_last_day_and_not_on_the_next():
    last = expires_on(date(2026, 3, 12), 90)
    assert last == date(2026, 6, 10)
    days = {"today": date(2026, 7, 1), "since": None, "expires_on": last, "placed_since": None}
    assert codes(gaps_before_accept(on=last, **days)) == []
    assert codes(gaps_before_accept(on=date(2026, 6, 11), **days)) == ["letter_expired"]


@pytest.mark.parametrize(
    ("on", "mark"),
    [
        (date(2026, 5, 10), None),
        (date(2026, 5, 11), "lead30"),
        (date(2026, 6, 2), "lead30"),
        (date(2026, 6, 3), "lead7"),
        (date(2026, 6, 9), "lead7"),
        (date(2026, 6, 10), "lead0"),
        (date(2026, 6, 11), "late0"),
        (date(2026, 6, 17), "late0"),
        (date(2026, 6, 18), "late1"),
        (date(2027, 6, 18), None),
    ],
)
def test_lead_mark(on, mark):
    assert lead_mark(D, LETTER_LEADS, on) == mark


def test_a_week_late_tells_the_level_above():
    assert [is_escalated(D, date(2026, 6, day)) for day in (10, 16, 17)] == [False, False, True]


@pytest.mark.parametrize(
    ("state", "since", "limit", "contact"),
    [
        (RelationState.RETAINED, date(2024, 6, 30), date(2026, 6, 30), date(2024, 12, 30)),
        (RelationState.RETAINED, date(2024, 2, 29), date(2026, 2, 28), date(2024, 8, 29)),
        (RelationState.ABROAD, date(2021, 8, 31), date(2026, 8, 31), date(2022, 2, 28)),
        (RelationState.FLOATING, date(2026, 1, 1), None, date(2026, 7, 1)),
        (RelationState.LOST, date(2026, 1, 1), None, None),
    ],
)
def test_limits_and_contacts(state, since, limit, contact):
    assert (limit_of(state, since), contact_due(state, since, None)) == (limit, contact)


@pytest.mark.parametrize(
    ("state", "since", "heard", "on", "keys"),
    [
        (RelationState.ABROAD, date(2026, 1, 1), None, date(2026, 5, 31), []),
        (RelationState.ABROAD, date(2026, 1, 1), None, date(2026, 6, 1), ["contact:2026-07-01:lead30"]),
        (RelationState.ABROAD, date(2026, 1, 1), date(2026, 3, 1), date(2026, 7, 1), []),
        (RelationState.ABROAD, date(2021, 7, 1), date(2026, 6, 1), date(2026, 6, 10), ["limit:2026-07-01:lead30"]),
        (RelationState.RETAINED, date(2024, 7, 1), date(2026, 3, 1), date(2026, 1, 2), ["limit:2026-07-01:lead180"]),
        (RelationState.LOST, date(2026, 1, 1), None, date(2026, 3, 31), []),
        (RelationState.LOST, date(2026, 1, 1), None, date(2026, 4, 1), ["lost:3"]),
        (RelationState.LOST, date(2026, 4, 1), date(2025, 12, 1), date(2026, 6, 1), ["lost:6"]),
    ],
)
def test_marks_of_relations(state, since, heard, on, keys):
    assert [mark.key for mark in marks_of(state, since, heard, on=on)] == keys


def test_clock_tells_days_and_urgency():
    clocks = [clock(D, on=date(2026, 6, day)) for day in (1, 3, 11)]
    assert [(c.days_left, c.tone) for c in clocks] == [(9, "info"), (7, "warning"), (-1, "danger")]
    assert clock(None, on=D) is None


def test_verbs_that_bring_on_come_first():
    assert allowed(Route.OUT, State.EXPIRED, [SC]) == [Verb.ACCEPT, Verb.REISSUE, Verb.REJECT, Verb.WITHDRAW]
