"""What was left open: sittings that nobody closed, leave that nobody decided, papers put up by mistake."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.meetings import services, signals
from members.meetings.models import Meeting, MeetingState
from members.meetings.queries.meetings import leave_to_decide
from members.meetings.rules.day import first_at
from members.meetings.services.reminding import remind_leaders
from portal.files.models import StoredFile
from portal.files.services import attach, store
from portal.notifications.models import Notice
from portal.web.refusals import RuleError
from tests.members.meetings.hall import congress, opened, row
from tests.portal.files.samples import upload

N = "members:meetings:"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def by(world):
    return world.user("secretary")


@pytest.mark.parametrize(
    ("clock", "after", "found"),
    [
        (time(15, 30), datetime(2026, 2, 28, 14, 30, 20), datetime(2026, 2, 28, 15, 30)),
        (time(14, 30), datetime(2026, 2, 28, 14, 30, 20), datetime(2026, 2, 28, 14, 30)),
        (time(0, 10), datetime(2026, 2, 28, 23, 30), datetime(2026, 3, 1, 0, 10)),
        (time(0, 10), datetime(2028, 2, 28, 23, 30), datetime(2028, 2, 29, 0, 10)),
        (time(0, 0), datetime(2026, 12, 31, 22, 0), datetime(2027, 1, 1, 0, 0)),
    ],
)
def test_clock_in_the_hall_names_one_moment(clock, after, found):
    assert first_at(clock, after) == found


def test_sitting_that_nobody_closed_ended_when_it_ended(world, now, by):
    began = now - timedelta(hours=20)
    meeting = opened(world, now=began)
    services.check_in(meeting, world.user("member"), means="list", at=began + timedelta(minutes=40))
    with pytest.raises(RuleError, match="went on until then"):
        services.close_meeting(meeting, by=by, at=now, ended_at=began + timedelta(minutes=30))
    with pytest.raises(RuleError, match="still to come"):
        services.close_meeting(meeting, by=by, at=now, ended_at=now + timedelta(minutes=1))
    ended = began + timedelta(minutes=100)
    item = meeting.agenda.first()
    services.take_up(item, by=by, at=began + timedelta(minutes=50))
    meeting = services.close_meeting(meeting, by=by, at=now, ended_at=ended)
    item.refresh_from_db()
    assert (meeting.ended_at, item.ended_at) == (ended, ended)
    assert row(meeting, world, "member").state == "present"


def test_page_that_closes_takes_the_time_and_refuses_one_to_come(world, now):
    began = now - timedelta(hours=5)
    meeting, client = opened(world, now=began), world.client("secretary")
    address = reverse(N + "session-close", args=[meeting.pk])
    planned = timezone.localtime(meeting.planned_until)
    assert client.get(address).context["form"].initial == {"ended": f"{planned:%H:%M}"}
    later = timezone.localtime(now + timedelta(minutes=30))
    page = client.post(address, {"ended": f"{later:%H:%M}"})
    assert page.context["form"].errors == {"ended": ["This time is still to come."]}
    assert "ended" in client.post(address, {"ended": "half past"}).context["form"].errors
    assert Meeting.objects.get().state == MeetingState.IN_SESSION
    assert client.post(address, {"ended": f"{planned:%H:%M}"}).status_code == 302
    ended = Meeting.objects.get().ended_at
    assert ended == planned.replace(second=0, microsecond=0)


def test_page_that_closes_in_time_offers_no_other(world, now):
    meeting, client = opened(world, now=now), world.client("secretary")
    address = reverse(N + "session-close", args=[meeting.pk])
    assert client.get(address).context["form"].initial == {}
    assert client.post(address, {"ended": ""}).status_code == 302
    assert Meeting.objects.get().state == MeetingState.ENDED


def test_leaders_hear_once_of_what_was_left_open(world, now):
    today = timezone.localdate()
    opened(world, now=now - timedelta(days=3))
    for day in (today, today, today + timedelta(days=1)):
        remind_leaders(day)
    found = Notice.objects.filter(message__kind="meeting_left_open")
    assert [notice.recipient_id for notice in found] == [world.users["secretary"].pk]


@pytest.mark.parametrize("days", [0, 20])
def test_nobody_is_told_of_what_goes_on_or_was_forgotten_long_ago(world, now, days):
    opened(world, now=now - timedelta(days=days))
    assert remind_leaders(timezone.localdate()) == 0


@pytest.fixture
def asked(world, now, by):
    """A congress that ended with leave that nobody had decided."""
    meeting = congress(world, now=now)
    services.answer(meeting, world.user("member"), answer="leave", words="Illness", at=now)
    meeting = services.open_meeting(meeting, by=by, at=now + timedelta(minutes=31))
    return services.close_meeting(meeting, by=by, at=now + timedelta(minutes=60))


def test_leave_asked_in_time_is_granted_after_the_end(world, now, by, asked):
    seat = row(asked, world, "member")
    assert seat.state == "absent"
    assert [found.pk for found in leave_to_decide(by, timezone.localdate(asked.ended_at))] == [seat.pk]
    services.decide_leave(seat, grants=True, by=by, at=now + timedelta(days=2))
    assert row(asked, world, "member").state == "leave"


def test_leave_refused_after_the_end_leaves_the_person_absent(world, now, by, asked):
    services.decide_leave(row(asked, world, "member"), grants=False, words="Late", by=by, at=now + timedelta(days=2))
    seat = row(asked, world, "member")
    assert (seat.state, seat.leave_state) == ("absent", "refused")


def test_leave_is_not_decided_weeks_later_nor_against_sealed_minutes(world, now, by, asked):
    seat = row(asked, world, "member")
    with pytest.raises(RuleError, match="is over"):
        services.decide_leave(seat, grants=True, by=by, at=now + timedelta(days=15))
    assert list(leave_to_decide(by, timezone.localdate(asked.ended_at) + timedelta(days=14))) == []

    def forbid(sender, meeting, **rest):
        raise RuleError("Sealed")

    signals.correcting.connect(forbid)
    try:
        with pytest.raises(RuleError, match="Sealed"):
            services.decide_leave(seat, grants=True, by=by, at=now + timedelta(days=2))
    finally:
        signals.correcting.disconnect(forbid)
    assert row(asked, world, "member").leave_state == "asked"


def test_page_that_closes_says_how_much_leave_is_undecided(world, now):
    meeting = congress(world, now=now)
    services.answer(meeting, world.user("member"), answer="leave", words="Illness", at=now)
    services.open_meeting(meeting, by=world.user("secretary"), at=now)
    page = world.client("secretary").get(reverse(N + "session-close", args=[meeting.pk]))
    assert "nobody has decided: 1." in page.content.decode()


def test_second_who_decides_hears_who_did_and_what(world, now, by):
    """T-30b."""
    meeting = congress(world, now=now)
    services.answer(meeting, world.user("member"), answer="leave", words="Illness", at=now)
    seat = row(meeting, world, "member")
    services.decide_leave(seat, grants=True, by=by, at=now)
    with pytest.raises(RuleError, match="Secretary has decided already at .*: granted"):
        services.decide_leave(seat, grants=False, words="No", by=world.user("college"), at=now)
    assert row(meeting, world, "member").leave_state == "approved"
    assert Notice.objects.filter(message__kind="meeting_leave_decided").count() == 1


def paper(by, owner):
    return attach(store(upload("agenda.txt", b"Words of the agenda"), kind="attachment", by=by), owner)


def test_paper_put_up_by_mistake_is_taken_off(world, now, by):
    meeting, client = congress(world, now=now), world.client("secretary")
    for owner in (meeting, meeting.agenda.first()):
        file = paper(by, owner)
        address = reverse(N + "paper-remove", args=[meeting.pk, file.pk])
        assert address in client.get(meeting.get_absolute_url()).content.decode()
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 302
        assert not StoredFile.objects.filter(pk=file.pk).exists()
        assert client.get(address).status_code == 404


def test_paper_of_another_meeting_or_of_a_matter_taken_up_stays(world, now, by):
    meeting, other = opened(world, now=now), congress(world, now=now)
    item = meeting.agenda.first()
    file = paper(by, item)
    with pytest.raises(RuleError, match="already"):
        services.remove_paper(other, file, by=by)
    services.take_up(item, by=by, at=now)
    with pytest.raises(RuleError, match="taken up"):
        services.remove_paper(meeting, file, by=by)
    services.close_meeting(meeting, by=by, at=now)
    with pytest.raises(RuleError, match="papers stand"):
        services.remove_paper(meeting, file, by=by)
    assert StoredFile.objects.filter(pk=file.pk).exists()
