"""Guests from outside the circle, and whoever steps in for chair or recorder."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.meetings import services
from members.meetings.models import Attendance
from portal.audit.models import AuditEntry
from portal.notifications.models import Notice
from portal.web.refusals import RuleError
from tests.members.meetings.hall import congress, opened, row, scanned
from tests.members.meetings.sittings import planner

N = "members:meetings:"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def by(world):
    return world.user("secretary")


def told(user, kind):
    return Notice.objects.filter(recipient=user.pk, message__kind=kind).count()


def invited(world, meeting, name="lecturer", words="Lecturer of the university"):
    return services.invite_guest(meeting, world.users[name], words=words, by=world.user("secretary"))


def test_guest_is_told_answers_comes_in_and_has_no_vote(world, now, by):
    meeting = congress(world, now=now)
    seat = invited(world, meeting)
    assert (seat.capacity, seat.may_vote, seat.standing) == ("observer", False, "full_member")
    assert told(world.users["lecturer"], "meeting_convened") == 1
    services.answer(meeting, world.user("lecturer"), answer="attend", at=now)
    meeting = services.open_meeting(meeting, by=by, at=now)  # which settles the circle anew
    came = services.come_by_code(meeting, world.user("lecturer"), scanned(meeting, now), at=now)
    assert came.is_new
    services.close_meeting(meeting, by=by, at=now)
    found = row(meeting, world, "lecturer")
    assert (found.state, found.guest_words) == ("present", "Lecturer of the university")


def test_guest_of_a_planned_meeting_hears_of_it_when_it_is_convened(world):
    desk = planner(world)
    meeting = desk.plan()
    invited(world, meeting)
    assert told(world.users["lecturer"], "meeting_convened") == 0
    assert world.client("lecturer").get(meeting.get_absolute_url()).status_code == 404
    desk.convene(meeting)
    assert told(world.users["lecturer"], "meeting_convened") == 1
    assert "You are invited as a guest: Lecturer" in (
        world.client("lecturer").get(meeting.get_absolute_url()).content.decode()
    )


def test_guest_who_gets_a_seat_of_the_own_is_no_guest_any_more(world, now):
    meeting = congress(world, now=now)
    Attendance.objects.filter(meeting=meeting, user=world.users["member"]).delete()
    invited(world, meeting, "member")
    services.reseat(meeting)
    found = row(meeting, world, "member")
    assert (found.capacity, found.guest_words, found.may_vote) == ("due", "", True)


def test_invitations_that_are_refused(world, now, by):
    meeting = congress(world, now=now)
    with pytest.raises(RuleError, match="invited already"):
        invited(world, meeting, "member")
    with pytest.raises(ValidationError, match="as what"):
        invited(world, meeting, words="  ")
    services.cancel(meeting, words="Flood", by=by, at=now)
    with pytest.raises(RuleError, match="is over"):
        invited(world, meeting)
    assert not Attendance.objects.exclude(guest_words="").exists()


def test_invitation_is_taken_back_until_the_guest_has_come_in(world, now, by):
    meeting = opened(world, now=now)
    seat = invited(world, meeting)
    with pytest.raises(RuleError, match="Only a guest"):
        services.withdraw_guest(row(meeting, world, "member"), by=by)
    services.check_in(meeting, world.user("lecturer"), means="list", at=now)
    with pytest.raises(RuleError, match="has come in"):
        services.withdraw_guest(seat, by=by)
    other = invited(world, meeting, "editor", words="Guest")
    services.withdraw_guest(other, by=by)
    assert not Attendance.objects.filter(meeting=meeting, user=world.users["editor"]).exists()
    assert AuditEntry.objects.filter(verb="meetings.guest_withdrawn", about=world.users["editor"]).count() == 1


def test_database_refuses_a_guest_with_a_vote(world, now):
    meeting = congress(world, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(meeting=meeting, user=world.users["member"]).update(guest_words="Guest")


def test_guest_is_invited_by_number_on_the_page_and_taken_back(world, now):
    meeting, client = congress(world, now=now), world.client("secretary")
    address = reverse(N + "guest-invite", args=[meeting.pk])
    assert client.get(address).status_code == 200
    for person in ("no-such-number", "Lecturer"):  # a name counts among those one may see
        page = client.post(address, {"person": person, "words": "Guest"})
        assert "person" in page.context["form"].errors
    number = world.users["lecturer"].number
    assert client.post(address, {"person": f" {number} ", "words": "Guest"}).status_code == 302
    seat = row(meeting, world, "lecturer")
    assert "guest: Guest" in client.get(meeting.get_absolute_url()).content.decode()
    assert client.post(reverse(N + "guest-withdraw", args=[seat.pk])).status_code == 302
    assert not Attendance.objects.filter(pk=seat.pk).exists()
    assert told(world.users["lecturer"], "meeting_guest_withdrawn") == 1


def test_somebody_else_chairs_and_records_when_the_hour_has_come(world, now, by):
    meeting = opened(world, now=now - timedelta(minutes=5), minutes=1)
    services.change_leaders(meeting, chair=world.users["member"], recorder=world.users["contact"], by=by)
    meeting.refresh_from_db()
    assert (meeting.chair_id, meeting.recorder_id) == (world.users["member"].pk, world.users["contact"].pk)
    assert [told(world.users[name], "meeting_leading") for name in ("member", "contact", "secretary")] == [1, 1, 0]
    assert world.client("member").get(reverse(N + "session", args=[meeting.pk])).status_code == 200
    with pytest.raises(RuleError, match="cannot chair"):
        services.change_leaders(meeting, chair=world.users["stranger"], recorder=world.users["contact"], by=by)
    services.close_meeting(meeting, by=by, at=now)
    with pytest.raises(RuleError, match="is over"):
        services.change_leaders(meeting, chair=world.users["secretary"], recorder=world.users["contact"], by=by)


def test_leaders_change_on_their_page(world, now):
    meeting, client = opened(world, now=now), world.client("secretary")
    address = reverse(N + "leaders", args=[meeting.pk])
    sent = {"chair": world.users["contact"].pk, "recorder": world.users["member"].pk}
    assert client.get(address).context["form"].initial["chair"] == world.users["secretary"].pk
    assert client.post(address, sent).status_code == 302
    meeting.refresh_from_db()
    assert meeting.chair_id == world.users["contact"].pk
    assert "chair" in client.post(address, sent | {"chair": world.users["stranger"].pk}).context["form"].errors


def test_chair_and_recorder_hear_that_they_lead(world):
    desk = planner(world)
    desk.convene(desk.plan(recorder=world.user("contact")))
    assert [told(world.users[name], "meeting_leading") for name in ("contact", "secretary", "member")] == [1, 0, 0]
