"""Two chairs at one sitting at the same moment: on PostgreSQL, where they truly meet."""

import pytest
from django.db import connection
from django.utils import timezone

from members.meetings import services as meetings
from members.meetings.models import Meeting
from members.votes import services
from members.votes.models import MeetingVote
from portal.organizations.models import Appointment
from tests.portal.ballots.test_races import at_once
from tests.portal.notifications.conftest import open_trail

from .conftest import VOTERS

__all__ = ["open_trail"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def test_two_votes_are_opened_at_once(open_trail, hall):
    first, second, chair = hall.vote(), hall.vote(title="Second"), hall.chair
    hall.begin(*VOTERS)
    results = at_once(
        lambda: services.open_vote(first, by=chair), lambda: services.open_vote(second, by=chair)
    )
    assert sorted(results) == ["done", "refused"]
    assert MeetingVote.objects.filter(ballot__state="open").count() == 1


def test_a_vote_opens_while_the_meeting_ends(open_trail, hall):
    vote, chair = hall.vote(), hall.chair
    hall.begin(*VOTERS)
    results = at_once(
        lambda: services.open_vote(vote, by=chair),
        lambda: meetings.close_meeting(hall.meeting, by=chair, at=timezone.now()),
    )
    assert sorted(results) == ["done", "refused"]
    state = Meeting.objects.get(pk=hall.meeting.pk).state
    assert state == ("in_session" if results[0] == "done" else "ended")


def test_t30b_an_election_is_approved_by_two_at_once(open_trail, hall):
    vote = hall.election("contact", "member")
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    hall.mark(vote, secretary="contact", contact="contact", member="contact", retired="contact")
    services.close_vote(vote, by=hall.chair)
    today, people = timezone.localdate(), [hall.world.user("college"), hall.world.user("committee")]
    results = at_once(*(lambda by=by: services.approve_election(vote, on=today, by=by) for by in people))
    assert sorted(results) == ["done", "refused"]
    assert Appointment.objects.filter(user=hall.world.users["contact"]).count() == 1
