"""Lectures count as study: for whoever was there, as long as the person was, and as the list says in the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from members.meetings import services
from members.meetings.models import CheckInNote, Meeting
from members.meetings.rules.time_spent import Matter, Stay, minutes_of, spans_of
from members.meetings.services.studying import SOURCE, settle_hours
from portal.hours.models import HourEntry
from tests.members.meetings.hall import row, scanned
from tests.members.meetings.sittings import planner

AT = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
CONGRESS, LECTURE = 1, 2


def minute(count):
    return AT + timedelta(minutes=count)


@pytest.mark.parametrize(
    ("parts", "matters", "found"),
    [
        ([LECTURE], [], [(0, 90)]),
        ([CONGRESS, LECTURE], [Matter(LECTURE, 60, minute(10), minute(50))], [(10, 50)]),
        ([CONGRESS, LECTURE], [Matter(LECTURE, 60, minute(10))], [(10, 90)]),
        ([CONGRESS, LECTURE], [Matter(CONGRESS, 20), Matter(LECTURE, 60), Matter(LECTURE, 30)], [(20, 80), (80, 90)]),
        ([CONGRESS, LECTURE], [], [(45, 90)]),
    ],
)
def test_when_a_part_was_on(parts, matters, found):
    spans = spans_of(LECTURE, parts, matters, AT, minute(90))
    assert spans == [(minute(first), minute(last)) for first, last in found]


@pytest.mark.parametrize(
    ("came", "left", "minutes"), [(-5, None, 40), (20, None, 30), (-5, 30, 20), (60, None, 0), (-9, 5, 0)]
)
def test_how_long_somebody_was_there(came, left, minutes):
    stay = Stay(minute(came), None if left is None else minute(left))
    assert minutes_of(stay, [(minute(10), minute(50))]) == minutes


def entries(world):
    found = HourEntry.objects.standing().filter(source=SOURCE)
    names = {user.pk: name for name, user in world.users.items()}
    return {names[row.person_id]: row.minutes for row in found}


@pytest.fixture
def lecture(world):
    """A lecture in session since an hour, to which two came in time, one of them an observer, and one in its middle."""
    desk = planner(world)
    began = desk.now - timedelta(minutes=60)
    meeting = desk.plan(
        kinds=["party_lecture"], planned_at=began, planned_until=began + timedelta(hours=1),
        at=began - timedelta(days=3),
    )  # fmt: skip
    meeting = services.convene(meeting, by=world.user("secretary"), at=began - timedelta(days=2))
    meeting = services.open_meeting(meeting, by=world.user("secretary"), at=began)
    for name, minutes in (("member", 0), ("author", 0), ("contact", 25)):
        services.check_in(meeting, world.user(name), means="list", at=began + timedelta(minutes=minutes))
    return meeting


def test_lecture_counts_for_everybody_who_was_there(world, lecture):
    by, now = world.user("secretary"), lecture.started_at + timedelta(minutes=60)
    with pytest.raises(services.NotInvited):
        services.come_by_code(lecture, world.user("stranger"), scanned(lecture, now), at=now)
    services.admit_observer(CheckInNote.objects.get(), by=by, at=now)
    services.note_leaving(lecture, [row(lecture, world, "member").pk], by=by, at=now - timedelta(minutes=20))
    services.close_meeting(lecture, by=by, at=now)
    # The stranger came in with the end and has heard nothing.
    assert entries(world) == {"member": 40, "author": 60, "contact": 35}
    entry = HourEntry.objects.get(person=world.users["author"])
    assert (entry.kind, entry.title, entry.on) == ("study", lecture.title, timezone.localdate(lecture.started_at))


def test_observer_who_showed_up_has_studied_too(world, lecture):
    by = world.user("secretary")
    came = lecture.started_at + timedelta(minutes=15)
    with pytest.raises(services.NotInvited):
        services.come_by_code(lecture, world.user("stranger"), scanned(lecture, came), at=came)
    services.admit_observer(CheckInNote.objects.get(), by=by, at=came)
    services.close_meeting(lecture, by=by, at=lecture.started_at + timedelta(minutes=60))
    assert entries(world)["stranger"] == 45


def test_ledger_follows_the_corrected_list(world, lecture):
    by, end = world.user("secretary"), lecture.started_at + timedelta(minutes=60)
    meeting = services.close_meeting(lecture, by=by, at=end)
    services.undo_check_in(meeting, [row(meeting, world, "contact").pk], by=by, at=end)
    services.call_roll(meeting, [row(meeting, world, "probationary").pk], by=by, at=end)
    assert entries(world) == {"member": 60, "author": 60, "probationary": 60}
    assert HourEntry.objects.filter(person=world.users["contact"]).exclude(annulled_at=None).count() == 1


def test_other_kinds_enter_no_hours(world):
    desk = planner(world)
    meeting = services.open_meeting(
        desk.convene(desk.plan(planned_at=desk.now + timedelta(minutes=20))), by=world.user("secretary"), at=desk.now
    )
    services.check_in(meeting, world.user("member"), means="list", at=desk.now)
    services.close_meeting(meeting, by=world.user("secretary"), at=desk.now + timedelta(hours=1))
    assert not HourEntry.objects.exists()


@pytest.mark.parametrize("many", [1, 20])
def test_settling_takes_as_many_statements_for_many(world, lecture, many, django_assert_num_queries):
    seats = list(lecture.attendances.filter(checked_in_at=None).values_list("pk", flat=True))[:many]
    services.call_roll(lecture, seats, by=world.user("secretary"), at=lecture.started_at)
    services.close_meeting(lecture, by=world.user("secretary"), at=lecture.started_at + timedelta(minutes=60))
    meeting = Meeting.objects.get(pk=lecture.pk)
    with django_assert_num_queries(6):
        settle_hours(meeting, by=None)
