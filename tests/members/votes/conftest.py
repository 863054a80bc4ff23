"""A congress of the world's branch in which people vote."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from members.meetings import services as meetings
from members.meetings.models import AgendaItem, Attendance, Meeting
from members.votes import services
from members.votes.models import MeetingVote
from portal.accounts.models import User
from portal.ballots.services import cast
from tests.members.meetings.hall import congress
from tests.world import World

# Everybody with a vote in the world's branch.
VOTERS = ("secretary", "contact", "member", "retired", "disabled")


@dataclass
class Hall:
    """A sitting of the branch and what its chair does in it."""

    world: World
    meeting: Meeting

    @property
    def chair(self) -> User:
        return self.world.user("secretary")

    @property
    def item(self) -> AgendaItem:
        rows = AgendaItem.objects.select_related("part", "meeting__organization")
        return rows.filter(meeting=self.meeting).order_by("number").first()

    def come(self, *names: str) -> None:
        rows = Attendance.objects.filter(meeting=self.meeting, user__in=[self.world.users[name] for name in names])
        meetings.call_roll(self.meeting, list(rows.values_list("pk", flat=True)), by=self.chair, at=timezone.now())

    def begin(self, *names: str) -> None:
        """Open the sitting with those who have come."""
        self.come(*names)
        self.meeting = meetings.open_meeting(self.meeting, by=self.chair, at=timezone.now())

    def vote(self, **fields: object) -> MeetingVote:
        given = {"purpose": "resolution", "title": "On the plan", "by": self.chair} | fields
        return services.create_vote(self.item, **given)

    def election(self, *names: str, **fields: object) -> MeetingVote:
        people = [self.world.user(name) for name in names]
        given = {"purpose": "election", "title": "Election", "post": "committee_member", "people": people} | fields
        return self.vote(**given)

    def cast(self, vote: MeetingVote, **choices: str) -> None:
        for name, choice in choices.items():
            cast(vote.ballot, self.world.user(name), {None: choice})

    def mark(self, vote: MeetingVote, **marks: str) -> None:
        keys = {option.title: option.pk for option in vote.ballot.options.all()}
        for name, chosen in marks.items():
            cast(vote.ballot, self.world.user(name), [keys[self.world.users[one].name] for one in chosen.split()])


@pytest.fixture
def hall(world: World) -> Hall:
    return Hall(world, congress(world))
