"""A sitting opened, its agenda taken up, its list kept by hand, and everybody's state when it ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.meetings import services, signals
from members.meetings.models import AgendaItem, Attendance, AttendanceState, CheckInMeans, Meeting, MeetingState
from members.meetings.queries.session import counts_of
from portal.audit.models import AuditEntry
from portal.web.refusals import RuleError
from tests.members.meetings.hall import congress, opened, row, scanned


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def by(world):
    return world.user("secretary")


def keys(meeting, world, *names):
    return [row(meeting, world, name).pk for name in names]


def test_only_a_convened_meeting_is_opened_once_and_at_its_time(world, now, by):
    meeting = congress(world, now=now, minutes=120)
    for moment, words in ((now, "too early"), (now + timedelta(hours=16), "not held at its time")):
        with pytest.raises(RuleError, match=words):
            services.open_meeting(meeting, by=by, at=moment)
    at = now + timedelta(minutes=115)
    found = services.open_meeting(meeting, by=by, at=at)
    assert (found.state, found.started_at) == (MeetingState.IN_SESSION, at)
    with pytest.raises(RuleError, match="open already"):
        services.open_meeting(meeting, by=by, at=at)
    services.close_meeting(meeting, by=by, at=at)
    for verb in (services.open_meeting, services.close_meeting):
        with pytest.raises(RuleError):
            verb(meeting, by=by, at=at)


def test_meeting_of_nobody_is_not_opened(world, now, by, monkeypatch):
    meeting = congress(world, now=now)
    monkeypatch.setattr("members.meetings.services.sitting.reseat", lambda meeting: 0)
    Attendance.objects.filter(meeting=meeting).delete()
    with pytest.raises(RuleError, match="Nobody is due"):
        services.open_meeting(meeting, by=by, at=now)
    assert Meeting.objects.get().state == MeetingState.CONVENED


def test_agenda_is_taken_up_matter_by_matter(world, now, by):
    meeting = congress(world, now=now)
    first, second = AgendaItem.objects.filter(meeting=meeting)
    with pytest.raises(RuleError, match="not in session"):
        services.take_up(first, by=by, at=now)
    services.open_meeting(meeting, by=by, at=now)
    with pytest.raises(RuleError, match="not being dealt with"):
        services.finish(first, by=by, at=now)
    services.take_up(first, by=by, at=now)
    services.take_up(first, by=by, at=now + timedelta(minutes=1))
    services.take_up(second, by=by, at=now + timedelta(minutes=5))
    first.refresh_from_db()
    assert (first.started_at, first.ended_at) == (now, now + timedelta(minutes=5))
    services.take_up(first, by=by, at=now + timedelta(minutes=6))  # once more, since its first moment
    first.refresh_from_db()
    assert (first.started_at, first.ended_at) == (now, None)
    services.close_meeting(meeting, by=by, at=now + timedelta(minutes=9))
    assert list(AgendaItem.objects.filter(meeting=meeting).values_list("ended_at", flat=True)) == [
        now + timedelta(minutes=9), now + timedelta(minutes=6),
    ]  # fmt: skip


def test_everybodys_state_stands_at_the_end(world, now, by):
    meeting = congress(world, now=now, minutes=10)
    services.answer(meeting, world.user("contact"), answer="leave", words="Exam", at=now)
    asked = row(meeting, world, "contact")
    services.decide_leave(asked, grants=True, by=by, at=now)
    Attendance.objects.filter(pk=row(meeting, world, "retired").pk).update(exempt_words="Bedridden")
    begins = meeting.planned_at
    services.check_in(meeting, world.user("probationary"), means="qr", at=begins + timedelta(minutes=11))
    services.check_in(meeting, world.user("secretary"), means="qr", at=begins + timedelta(minutes=10))
    services.open_meeting(meeting, by=by, at=begins)
    Attendance.objects.filter(pk=row(meeting, world, "retired").pk).update(exempt_words="Bedridden")
    services.check_in(meeting, world.user("author"), means="qr", at=begins)  # an observer
    services.close_meeting(meeting, by=by, at=begins + timedelta(hours=1))
    states = dict(Attendance.objects.filter(meeting=meeting).values_list("user__name", "state"))
    assert states == {
        "Secretary": "present", "Probationary": "late", "Contact": "leave", "Retired": "exempt", "Member": "absent",
        "Author": "present", "Peer": "", "Target": "", **{name: states[name] for name in states if name == "Disabled"},
    }  # fmt: skip


def test_who_came_although_on_leave_was_there(world, now, by):
    meeting = congress(world, now=now)
    services.answer(meeting, world.user("contact"), answer="leave", words="Exam", at=now)
    services.decide_leave(row(meeting, world, "contact"), grants=True, by=by, at=now)
    services.open_meeting(meeting, by=by, at=now)
    services.check_in(meeting, world.user("contact"), means="qr", at=now)
    services.close_meeting(meeting, by=by, at=now)
    assert row(meeting, world, "contact").state == AttendanceState.PRESENT


def test_counts_are_those_of_the_hall(world, now, by):
    meeting = opened(world, now=now)
    before = counts_of(meeting)
    assert (before.present, before.present_voters, before.observers) == (0, 0, 0)
    for name in ("secretary", "member", "probationary", "author"):
        services.check_in(meeting, world.user(name), means="qr", at=now)
    found = counts_of(meeting)
    assert (found.present, found.present_voters, found.observers) == (3, 2, 1)
    assert (found.due, found.may_vote) == (before.due, before.may_vote)
    assert found.due == found.may_vote + 1  # the probationary member has no vote
    assert found.needed == found.may_vote // 2 + 1
    services.note_leaving(meeting, keys(meeting, world, "member"), by=by, at=now)
    assert (counts_of(meeting).present, counts_of(meeting).present_voters) == (2, 1)


def test_roll_is_called_for_many_at_once_and_counts_each_once(world, now, by):
    meeting = opened(world, now=now)
    services.check_in(meeting, world.user("member"), means="qr", at=now)
    later = now + timedelta(minutes=1)
    chosen = keys(meeting, world, "member", "contact", "probationary")
    assert services.call_roll(meeting, chosen, by=by, at=later) == 2
    assert services.call_roll(meeting, chosen, by=by, at=later) == 0
    assert [row(meeting, world, name).means for name in ("member", "contact")] == ["qr", CheckInMeans.LIST]
    assert AuditEntry.objects.filter(verb="meetings.roll_called").count() == 2
    assert services.undo_check_in(meeting, chosen, by=by, at=later) == 3
    found = row(meeting, world, "contact")
    assert (found.checked_in_at, found.means) == (None, "")
    assert AuditEntry.objects.filter(verb="meetings.check_in_undone").count() == 3


def test_roll_takes_as_many_statements_for_many_as_for_one(world, now, by, django_assert_num_queries):
    meeting = opened(world, now=now)
    one, many = keys(meeting, world, "member"), keys(meeting, world, "contact", "probationary", "secretary")
    with django_assert_num_queries(9):
        services.call_roll(meeting, one, by=by, at=now)
    with django_assert_num_queries(9):
        services.call_roll(meeting, many, by=by, at=now)


def test_list_of_another_meeting_is_left_alone(world, now, by):
    meeting, other = opened(world, now=now), congress(world, now=now, node="sibling")
    assert services.call_roll(meeting, keys(other, world, "neighbor"), by=by, at=now) == 0
    assert row(other, world, "neighbor").checked_in_at is None


def test_list_is_kept_from_an_hour_before_on(world, now, by):
    meeting = congress(world, now=now, minutes=61)
    with pytest.raises(RuleError, match="an hour before"):
        services.call_roll(meeting, keys(meeting, world, "member"), by=by, at=now)
    assert services.call_roll(meeting, keys(meeting, world, "member"), by=by, at=now + timedelta(minutes=2)) == 1
    services.cancel(meeting, words="Flood", by=by, at=now + timedelta(minutes=3))
    with pytest.raises(RuleError, match="cannot be changed"):
        services.undo_check_in(meeting, keys(meeting, world, "member"), by=by, at=now + timedelta(minutes=4))


def test_correction_after_the_end_says_what_it_was(world, now, by):
    meeting = opened(world, now=now)
    services.check_in(meeting, world.user("contact"), means="qr", at=now)
    services.close_meeting(meeting, by=by, at=now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    services.call_roll(meeting, keys(meeting, world, "member"), by=by, at=later)
    services.undo_check_in(meeting, keys(meeting, world, "contact"), by=by, at=later)
    assert [row(meeting, world, name).state for name in ("member", "contact")] == ["present", "absent"]
    with pytest.raises(RuleError, match="not in session"):
        services.note_leaving(meeting, keys(meeting, world, "member"), by=by, at=later)


def test_who_keeps_the_minutes_may_forbid_a_correction(world, now, by):
    meeting = opened(world, now=now)
    services.close_meeting(meeting, by=by, at=now)

    def forbid(sender, meeting, **rest):
        raise RuleError("sealed")

    signals.correcting.connect(forbid)
    try:
        with pytest.raises(RuleError, match="sealed"):
            services.call_roll(meeting, keys(meeting, world, "member"), by=by, at=now)
    finally:
        signals.correcting.disconnect(forbid)
    assert row(meeting, world, "member").state == AttendanceState.ABSENT


def test_a_refusal_while_closing_leaves_the_meeting_open(world, now, by):
    meeting = opened(world, now=now)

    def forbid(sender, meeting, **rest):
        raise RuleError("a vote is open")

    signals.closed.connect(forbid)
    try:
        with pytest.raises(RuleError, match="a vote is open"):
            services.close_meeting(meeting, by=by, at=now)
    finally:
        signals.closed.disconnect(forbid)
    assert Meeting.objects.get(pk=meeting.pk).state == MeetingState.IN_SESSION
    assert row(meeting, world, "member").state == ""


def test_who_left_comes_back_by_scanning_again_or_by_the_list(world, now, by):
    meeting = opened(world, now=now)
    services.check_in(meeting, world.user("member"), means="qr", at=now)
    services.check_in(meeting, world.user("contact"), means="qr", at=now)
    later = now + timedelta(minutes=20)
    chosen = keys(meeting, world, "member", "contact")
    assert services.note_leaving(meeting, chosen, by=by, at=later) == 2
    again = later + timedelta(minutes=5)
    services.come_by_code(meeting, world.user("member"), scanned(meeting, again), at=again)
    assert services.note_return(meeting, chosen, by=by, at=again) == 1
    assert {row(meeting, world, name).left_at for name in ("member", "contact")} == {None}
    assert row(meeting, world, "member").checked_in_at == now


def test_missed_meeting_is_made_up_with_words_after_it_ended(world, now, by):
    meeting = opened(world, now=now)
    missing = row(meeting, world, "member")
    with pytest.raises(RuleError, match="has ended"):
        services.make_up(missing, words="Read the minutes", by=by)
    services.check_in(meeting, world.user("contact"), means="qr", at=now)
    services.close_meeting(meeting, by=by, at=now)
    with pytest.raises(RuleError, match="how it was made up"):
        services.make_up(missing, words="  ", by=by)
    found = services.make_up(missing, words=" Read the minutes ", by=by)
    assert (found.state, found.made_up_words) == ("made_up", "Read the minutes")
    for name in ("member", "contact"):  # made up already; was there
        with pytest.raises(RuleError, match="missed"):
            services.make_up(row(meeting, world, name), words="Again", by=by)
