"""T-30d: a check-in that is replayed, photographed, passed on or out of time counts for nobody; a rush counts all."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.meetings import services
from members.meetings.models import Attendance, CheckInNote
from members.meetings.rules.codes import SLOT_SECONDS
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from tests.members.meetings.hall import congress, opened, row, scanned, typed
from tests.world import World

pytestmark = pytest.mark.django_db
ADDRESS = "members:meetings:check-in"


@pytest.fixture
def now():
    return timezone.now()


def send(world: World, name: str, meeting, code: str):
    return world.client(name).post(reverse(ADDRESS, args=[meeting.pk]), {"code": code})


def test_code_that_is_shown_only_for_seconds():
    assert SLOT_SECONDS <= 30


def test_same_code_again_is_one_check_in(world, now):
    meeting = opened(world, now=now)
    code = scanned(meeting, timezone.now())
    first, again = (send(world, "member", meeting, code).status_code for _twice in range(2))
    assert (first, again) == (302, 302)
    assert Attendance.objects.filter(meeting=meeting, checked_in_at__isnull=False).count() == 1
    assert AuditEntry.objects.filter(verb="meetings.checked_in").count() == 1


@pytest.mark.parametrize("write", [scanned, typed])
def test_photograph_of_five_minutes_ago_brings_nobody_in(world, now, write):
    meeting = opened(world, now=now)
    code = write(meeting, timezone.now() - timedelta(minutes=5))
    assert send(world, "member", meeting, code).status_code == 409
    assert row(meeting, world, "member").checked_in_at is None


def test_code_that_was_passed_on_brings_in_whoever_is_signed_in_and_nobody_else(world, now):
    meeting = opened(world, now=now)
    code = scanned(meeting, timezone.now())
    assert send(world, "contact", meeting, code).status_code == 302
    assert row(meeting, world, "member").checked_in_at is None
    # From outside the circle nobody comes in, and the chair hears of it.
    assert send(world, "stranger", meeting, scanned(meeting, timezone.now())).status_code == 403
    assert [note.user_id for note in CheckInNote.objects.all()] == [world.users["stranger"].pk]
    assert not Attendance.objects.filter(meeting=meeting, user=world.users["stranger"]).exists()


def test_code_of_one_meeting_is_none_of_another(world, now):
    meeting, other = opened(world, now=now), congress(world, now=now)
    assert send(world, "member", meeting, typed(other, timezone.now())).status_code == 409
    assert row(meeting, world, "member").checked_in_at is None


def test_nobody_comes_in_outside_the_time(world, now):
    early = congress(world, now=now, minutes=120)
    assert send(world, "member", early, scanned(early, timezone.now())).status_code == 409
    over = opened(world, now=now)
    services.close_meeting(over, by=world.user("secretary"), at=timezone.now())
    assert send(world, "member", over, scanned(over, timezone.now())).status_code == 409
    assert not Attendance.objects.filter(user=world.users["member"], checked_in_at__isnull=False).exists()


def test_two_hundred_in_ten_seconds_are_all_there_once_while_the_code_turns(world, now):
    meeting = opened(world, now=now)
    people = User.objects.bulk_create(User(number=f"rush{n}", name=f"Rush {n}", password="!") for n in range(200))
    Attendance.objects.bulk_create(Attendance(meeting=meeting, user=user, standing="full_member") for user in people)
    moments = [now + timedelta(seconds=number / 20) for number in range(200)]
    for user, at in zip(people, moments, strict=True):
        services.come_by_code(meeting, user, scanned(meeting, at), at=at, device=f"{user.pk:043}")
    came = Attendance.objects.filter(meeting=meeting, user__in=people, checked_in_at__isnull=False)
    assert sorted(came.values_list("checked_in_at", flat=True)) == moments
    assert not CheckInNote.objects.exists()
