"""What minutes say by themselves, who confirms, and how a chain shows a change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from members.minutes.rules import (
    Attender,
    Fault,
    Link,
    Matter,
    Reminder,
    Resolved,
    Seat,
    Sitting,
    VoteFact,
    digest_of,
    draft,
    reminder,
    seat_of,
    verify,
)

AT = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)
SITTING = Sitting(
    organization="Branch",
    title="Congress",
    kind="branch_congress",
    planned_at=AT,
    started_at=AT,
    ended_at=AT + timedelta(hours=1),
    place="101",
    online=False,
    chair="Wang",
    recorder="Li",
    people=(
        Attender(1, "Wang", "due", "full_member", "present"),
        Attender(2, "Li", "due", "full_member", "late", came_at=AT + timedelta(minutes=20)),
        Attender(3, "Zhao", "due", "full_member", "leave", reason="Exam", granted_by="Wang"),
        Attender(4, "Qian", "due", "full_member", "absent"),
        Attender(5, "Sun", "due", "full_member", "exempt", reason="Ill for a long time"),
        Attender(6, "Zhou", "due", "probationary", "present"),
        Attender(7, "Wu", "observer", "activist", "present"),
        Attender(8, "Zheng", "observer", "activist", ""),
        Attender(9, "Feng", "due", "full_member", "absent", reason="Abroad for a year", is_excluded=True),
    ),
    agenda=(Matter(2, "Second"), Matter(1, "First", presenter="Li", started_at=AT, ended_at=AT)),
    votes=(
        VoteFact(
            1, "Admission of Wu", due=5, present=3, yes=3, passed=True, verdict="passed", arithmetic=("3*2>5",)
        ),
    ),  # fmt: skip
    earlier=(Resolved("Buy books", "Li", date(2026, 3, 1)),),
    resolved=(Resolved("Visit the museum", "Zhou", date(2026, 4, 1)),),
    files=(("b.jpg", "2"), ("a.jpg", "1")),
)


def test_draft_counts_everybody_due_whatever_kept_them_away() -> None:
    facts = draft(SITTING)
    assert (facts["due"], facts["present"]) == (6, 3)
    assert facts["present_names"] == ["Wang", "Li", "Zhou"]
    assert facts["probationary_present"] == ["Zhou"]
    assert facts["observers"] == ["Wu"]
    assert facts["late"] == [{"name": "Li", "at": "2026-03-05T11:20:00+00:00"}]


def test_draft_names_the_absent_with_their_reasons() -> None:
    facts = draft(SITTING)
    assert [(row["name"], row["state"], row["reason"], row["granted_by"]) for row in facts["absent"]] == [
        ("Zhao", "leave", "Exam", "Wang"),
        ("Sun", "exempt", "Ill for a long time", ""),
        ("Qian", "absent", "", ""),
    ]
    assert facts["excluded"] == [{"name": "Feng", "reason": "Abroad for a year"}]


def test_draft_puts_agenda_in_order_and_keeps_votes_with_their_arithmetic() -> None:
    facts = draft(SITTING)
    assert [(row["number"], row["title"], row["presenter"]) for row in facts["agenda"]] == [
        (1, "First", "Li"), (2, "Second", "")
    ]  # fmt: skip
    assert facts["votes"] == [
        {
            "title": "Admission of Wu", "matter": "", "is_secret": True, "due": 5, "present": 3, "yes": 3, "no": 0,
            "abstain": 0, "written": 0, "cast": 0, "void": 0, "counts": [], "passed": True, "verdict": "passed",
            "arithmetic": ["3*2>5"],
        }
    ]  # fmt: skip
    assert facts["earlier"] == [{"words": "Buy books", "owner": "Li", "due_on": "2026-03-01", "state": "open"}]
    assert facts["resolutions"][0]["owner"] == "Zhou"
    assert facts["files"] == [{"name": "a.jpg", "sha256": "1"}, {"name": "b.jpg", "sha256": "2"}]


def test_draft_of_a_sitting_of_nobody_says_so() -> None:
    facts = draft(replace(SITTING, people=(), agenda=(), votes=(), earlier=(), resolved=(), files=(), started_at=None))
    assert (facts["due"], facts["present"], facts["absent"], facts["started_at"]) == (0, 0, [], "")


@pytest.mark.parametrize(
    ("user", "chair", "recorder", "keeps", "on_committee", "gone", "seat"),
    [
        (1, 1, 2, False, False, (), Seat.CHAIR),
        (2, 1, 2, False, False, (), Seat.RECORDER),
        (3, 1, 2, True, True, (), None),
        (1, 1, 1, True, True, (), Seat.CHAIR),
        (3, 1, 1, False, True, (), Seat.RECORDER),
        (3, 1, 1, True, False, (), Seat.RECORDER),
        (3, 1, 1, False, False, (), None),
        (3, 1, 2, True, False, (1,), Seat.CHAIR),
        (3, 1, 2, True, False, (2,), Seat.RECORDER),
        (3, 1, 2, False, True, (2,), None),
    ],
)
def test_seats(user, chair, recorder, keeps, on_committee, gone, seat) -> None:
    found = seat_of(
        user, chair_id=chair, recorder_id=recorder, keeps=keeps, on_committee=on_committee, gone=gone
    )
    assert found == seat


def chain(count: int) -> list[Link]:
    links, head = [], ""
    for number in range(1, count + 1):
        content = {"number": number, "words": f"Words {number} 中文"}
        digest = digest_of(head, content)
        links.append(Link(number, head, digest, content, f"Link {number}"))
        head = digest
    return links


def test_a_whole_chain_holds() -> None:
    links = chain(4)
    verdict = verify(links, number=4, head=links[-1].digest)
    assert (verdict.holds, verdict.checked, verdict.head) == (True, 4, links[-1].digest)
    assert verify([], number=0, head="").holds


def changed(links: list[Link]) -> list[Link]:
    return [links[0], replace(links[1], content={"number": 2, "words": "Other words"}), *links[2:]]


def forged(links: list[Link]) -> list[Link]:
    content = {"number": 2, "words": "Other words"}
    return [links[0], replace(links[1], content=content, digest=digest_of(links[1].prev_digest, content)), *links[2:]]


@pytest.mark.parametrize(
    ("spoil", "fault", "at"),
    [
        (changed, Fault.CHANGED, 2),
        (forged, Fault.LOOSE, 3),
        (lambda links: [links[0], *links[2:]], Fault.MISSING, 2),
        (lambda links: links[:-1], Fault.CUT, 4),
        (lambda links: [], Fault.CUT, 1),
        (lambda links: links[1:], Fault.MISSING, 1),
        (lambda links: [*links, replace(links[-1])], Fault.MISSING, 5),
    ],
)
def test_a_spoilt_chain_says_where(spoil, fault, at) -> None:
    links = chain(4)
    verdict = verify(spoil(links), number=4, head=links[-1].digest)
    assert (verdict.fault, verdict.at) == (fault, at)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-8, None), (-7, Reminder("soon7", False)), (-2, Reminder("soon7", False)), (-1, Reminder("soon1", False)),
        (0, Reminder("soon1", False)), (1, Reminder("late1", True)), (7, Reminder("late1", True)),
        (8, Reminder("late8", True)), (400, Reminder("late29", True)),
    ],
)  # fmt: skip
def test_reminders(days: int, expected: Reminder | None) -> None:
    due = date(2028, 2, 29)
    assert reminder(due, due + timedelta(days=days)) == expected


def test_draft_says_what_each_candidate_was_given() -> None:
    counts = (("甲", "赞成", 9), ("甲", "反对", 1), ("乙", "赞成", 4))
    content = draft(replace(SITTING, votes=(VoteFact(1, "Election", cast=10, void=1, counts=counts),)))
    assert content["votes"][0]["counts"] == ["甲：赞成9票，反对1票", "乙：赞成4票"]
    assert (content["votes"][0]["cast"], content["votes"][0]["void"]) == (10, 1)


def test_draft_of_a_sitting_that_is_on_calls_nobody_missing() -> None:
    people = (Attender(1, "甲", "due", "full_member", state="present"), Attender(2, "乙", "due", "full_member"))
    content = draft(replace(SITTING, people=people, ended_at=None))
    assert (content["due"], content["present"], content["absent"]) == (2, 1, [])
    assert [row["name"] for row in draft(replace(SITTING, people=people))["absent"]] == ["乙"]
