"""Which talks a year lacks, what fills the gaps, and when a promise ends: tables without a database."""

from datetime import date

import pytest

from members.help.rules.promises import Mark, Promises, Urgency, mark_of, promised_on
from members.help.rules.talks import TalkKind, Want, kind_of, missing_talks, pair_of, suggested_pairs
from portal.rulesets.days import Calendar

CC, CM, MM = TalkKind.COMMITTEE_COMMITTEE, TalkKind.COMMITTEE_MEMBER, TalkKind.MEMBER_MEMBER
ONCE = {kind: Want(1, "ZB") for kind in TalkKind}
# Two of the committee, three ordinary members.
SEATED, EVERYBODY = {1, 2}, {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ([], [(CC, (1, 2)), (CM, (3,)), (CM, (4,)), (CM, (5,)), (MM, (3,)), (MM, (4,)), (MM, (5,))]),
        ([(1, 2)], [(CM, (3,)), (CM, (4,)), (CM, (5,)), (MM, (3,)), (MM, (4,)), (MM, (5,))]),
        # A talk with one of the committee is no talk of members with each other.
        ([(2, 1), (1, 3), (4, 2), (1, 5)], [(MM, (3,)), (MM, (4,)), (MM, (5,))]),
        ([(1, 2), (1, 3), (1, 4), (1, 5), (3, 4)], [(MM, (5,))]),
        ([(1, 2), (1, 3), (1, 4), (1, 5), (3, 4), (5, 3)], []),
        # Talks with people who have left the branch fill nothing.
        ([(1, 9), (9, 3)], [(CC, (1, 2)), (CM, (3,)), (CM, (4,)), (CM, (5,)), (MM, (3,)), (MM, (4,)), (MM, (5,))]),
    ],
)
def test_missing_talks_names_every_pair_and_person(held, missing):
    found = missing_talks(SEATED, EVERYBODY, held, ONCE)
    assert [(gap.kind, gap.people) for gap in found] == missing
    assert {gap.article for gap in found} <= {"ZB"}


@pytest.mark.parametrize(
    ("committee", "members", "missing"),
    [
        (set(), {1, 2}, [(MM, (1,)), (MM, (2,))]),  # no committee: nobody to talk for it
        ({1}, {1, 2}, [(CM, (2,))]),  # one ordinary member has no other to talk with
        ({1}, {1}, []),
        ({1, 2, 3}, {1, 2, 3}, [(CC, (1, 2)), (CC, (1, 3)), (CC, (2, 3))]),
        ({7}, {1, 2}, [(MM, (1,)), (MM, (2,))]),  # whoever sits on the committee and belongs elsewhere does not count
        (set(), set(), []),
    ],
)
def test_missing_talks_asks_nothing_of_whoever_has_nobody(committee, members, missing):
    assert [(gap.kind, gap.people) for gap in missing_talks(committee, members, [], ONCE)] == missing


def test_missing_talks_counts_as_often_as_the_setting_asks():
    twice = {**ONCE, CM: Want(2, "ZB")}
    found = missing_talks({1}, {1, 2}, [(1, 2)], twice)
    assert [(gap.kind, gap.people, gap.held, gap.wanted) for gap in found] == [(CM, (2,), 1, 2)]
    assert missing_talks({1}, {1, 2}, [(1, 2), (2, 1)], twice) == []


@pytest.mark.parametrize("seated", [set(), {1}, {1, 2}, {1, 2, 3}])
@pytest.mark.parametrize("count", range(8))
def test_suggested_pairs_fill_every_gap_and_share_out_evenly(seated, count):
    members = set(range(1, count + 1))
    gaps = missing_talks(seated, members, [], ONCE)
    pairs = suggested_pairs(seated, members, gaps, [])
    assert missing_talks(seated, members, pairs, ONCE) == []
    assert len(set(pairs)) == len(pairs)
    loads = [sum(p in pair and kind_of(pair, seated) == CM for pair in pairs) for p in seated & members]
    assert not loads or max(loads) - min(loads) <= 1


def test_suggested_pairs_plan_nothing_twice():
    gaps = missing_talks(SEATED, EVERYBODY, [], ONCE)
    pairs = suggested_pairs(SEATED, EVERYBODY, gaps, [])
    assert suggested_pairs(SEATED, EVERYBODY, gaps, pairs) == []


def test_pair_of_knows_no_order_and_no_talk_with_oneself():
    assert pair_of(5, 2) == pair_of(2, 5) == (2, 5)
    with pytest.raises(ValueError, match="oneself"):
        pair_of(3, 3)


# The week of 2026-10-01 is a holiday until the 7th; the weekend day 2026-10-10 is worked.
CALENDAR = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)), shifted=frozenset({date(2026, 10, 10)}),
    announced=frozenset({2026}),
)  # fmt: skip
PROMISES = Promises(normal=5, urgent=2, escalate=2)


@pytest.mark.parametrize(
    ("asked", "urgency", "until"),
    [
        ("2026-11-02", Urgency.NORMAL, "2026-11-09"),
        ("2026-11-02", Urgency.URGENT, "2026-11-04"),
        ("2026-11-06", Urgency.URGENT, "2026-11-10"),  # Friday: the weekend is not counted
        ("2026-09-30", Urgency.NORMAL, "2026-10-13"),  # the holiday is not counted, the worked Saturday is
        ("2028-02-29", Urgency.URGENT, "2028-03-02"),
        ("2026-12-31", Urgency.URGENT, "2027-01-04"),  # a year not announced is counted by weekends
    ],
)
def test_promised_on_counts_working_days(asked, urgency, until):
    assert promised_on(date.fromisoformat(asked), urgency, PROMISES, CALENDAR) == date.fromisoformat(until)


def test_urgent_is_never_promised_later_than_normal():
    assert Promises(normal=3, urgent=9, escalate=2).days(Urgency.URGENT) == 3


@pytest.mark.parametrize(
    ("on", "mark"),
    [
        ("2026-11-05", None),
        ("2026-11-06", Mark.LAST_DAY),
        ("2026-11-07", Mark.OVERDUE),
        ("2026-11-10", Mark.OVERDUE),  # the second working day after Friday the 6th
        ("2026-11-11", Mark.ESCALATED),
        ("2026-12-31", Mark.ESCALATED),
    ],
)
def test_mark_of_tells_late_answers_above_after_the_setting(on, mark):
    assert mark_of(date(2026, 11, 6), date.fromisoformat(on), PROMISES, CALENDAR) == mark
