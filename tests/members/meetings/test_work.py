"""What meetings put on the workbench: those of the day, and those that somebody left open."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.meetings import services
from members.meetings.models import Meeting
from members.meetings.work import to_close, to_decide, today
from tests.members.meetings.hall import congress, opened, row

N = "members:meetings:"


@pytest.fixture
def now():
    return timezone.now()


def shown(group):
    return [(item.title, item.url) for item in group.items]


def test_sitting_of_the_day_leads_to_the_check_in_once_it_lets_people_in(world, now):
    meeting, member = congress(world, now=now), world.user("member")
    on = timezone.localdate(meeting.planned_at)
    assert shown(today(member, on)) == [
        ("Check in: Congress of the branch", reverse(N + "check-in", args=[meeting.pk]))
    ]
    assert today(member, on + timedelta(days=1)).items == []
    services.check_in(meeting, member, means="list", at=now)
    assert today(member, on).count == 0


def test_sitting_of_the_day_leads_to_its_page_before(world, now):
    meeting = congress(world, now=now, minutes=180)
    group = today(world.user("member"), timezone.localdate(meeting.planned_at))
    assert shown(group) == [("Congress of the branch", meeting.get_absolute_url())]


def test_nobody_is_called_who_has_leave_or_need_not_come_or_where_nothing_is_held(world, now):
    meeting, by = congress(world, now=now), world.user("secretary")
    on = timezone.localdate(meeting.planned_at)
    services.answer(meeting, world.user("member"), answer="leave", words="Illness", at=now)
    assert today(world.user("member"), on).count == 1  # nobody has granted it yet
    services.decide_leave(row(meeting, world, "member"), grants=True, by=by, at=now)
    assert today(world.user("member"), on).count == 0
    meeting.attendances.filter(user=world.users["contact"]).update(exempt_words="Aged")
    assert today(world.user("contact"), on).count == 0
    services.cancel(meeting, words="Flood", by=by, at=now)
    assert today(world.user("probationary"), on).count == 0


def test_what_was_left_open_is_closed_or_called_off(world, now):
    by = world.user("secretary")
    running = opened(world, now=now - timedelta(days=2))
    missed = congress(world, now=now - timedelta(days=3))
    found = to_close(by, timezone.localdate())
    assert shown(found) == [
        ("Close: Congress of the branch", reverse(N + "session-close", args=[running.pk])),
        ("Not held: Congress of the branch", reverse(N + "meeting-cancel", args=[missed.pk])),
    ]
    client = world.client("secretary")
    for item in found.items:
        assert client.get(item.url).status_code == 200
    services.close_meeting(running, by=by, at=now)
    services.cancel(missed, words="Nobody came", by=by, at=now)
    assert to_close(by, timezone.localdate()).count == 0


def test_what_goes_on_today_is_not_left_open(world, now):
    opened(world, now=now)
    assert to_close(world.user("secretary"), timezone.localdate(Meeting.objects.get().planned_until)).count == 0


def test_leave_that_was_forgotten_waits_after_the_end(world, now):
    by = world.user("secretary")
    meeting = congress(world, now=now)
    services.answer(meeting, world.user("member"), answer="leave", words="Illness", at=now)
    meeting = services.open_meeting(meeting, by=by, at=now)
    services.close_meeting(meeting, by=by, at=now + timedelta(minutes=40))
    assert to_decide(by, timezone.localdate(now)).count == 1
    assert to_decide(by, timezone.localdate(now) + timedelta(days=20)).count == 0
