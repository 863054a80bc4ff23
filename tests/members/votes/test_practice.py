"""The practice votes are made through the services, once."""

from random import Random
from types import SimpleNamespace

import pytest
from django.utils import timezone

from members.meetings.models import Meeting
from members.votes.models import MeetingVote
from members.votes.practice import make_votes
from portal.ballots.services import is_intact
from tests.members.meetings.hall import congress

from .conftest import VOTERS, Hall


@pytest.fixture
def branch_life(world):
    """Give the branch three congresses that have ended and one to come."""
    from members.meetings import services as meetings

    for _number in range(3):
        hall = Hall(world, congress(world))
        hall.begin(*VOTERS)
        meetings.close_meeting(hall.meeting, by=hall.chair, at=timezone.now())
    congress(world)
    return SimpleNamespace(home_branch=world.branch, accounts=world.users, today=timezone.localdate(), rng=Random(1))


def test_practice_votes_are_closed_sealed_and_made_once(branch_life):
    make_votes(branch_life)
    rows = MeetingVote.objects.select_related("ballot")
    assert sorted(row.ballot.state for row in rows) == ["closed"] * 4 + ["planned"]
    assert all(is_intact(row.ballot) for row in rows if row.ballot.state == "closed")
    assert rows.get(purpose="election").ballot.result["outcome"] == "elected"
    make_votes(branch_life)
    assert rows.count() == 5
    assert Meeting.objects.count() == 4
