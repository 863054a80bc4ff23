"""Ballots of the world's branch: five electors, a proposal, an election."""

from dataclasses import dataclass

import pytest

from members.models import Member
from portal.accounts.models import User
from portal.ballots import services
from portal.ballots.models import Ballot, BallotOption, Tally
from portal.organizations.models import Standing
from tests.factories.people import make_member
from tests.world import World

VOTERS = ("secretary", "contact", "member")


@dataclass
class Booth:
    """Makes ballots and takes votes in the world's branch."""

    world: World
    more: list[Member]

    @property
    def chair(self) -> User:
        return self.world.user("secretary")

    @property
    def people(self) -> list[User]:
        """Return five full members of the branch."""
        return [self.world.user(name) for name in VOTERS] + [member.user for member in self.more]

    def keys(self, count: int = 5) -> set[int]:
        return {user.pk for user in self.people[:count]}

    def proposal(self, **fields: object) -> Ballot:
        given = {"kind": "proposal", "title": "On the plan", "rule": "congress", "by": self.chair} | fields
        return services.create_ballot(self.world.branch, **given)

    def election(self, seats: int = 1, candidates: int = 2, **fields: object) -> Ballot:
        given = {
            "kind": "election", "title": "Election", "rule": "election", "seats": seats,
            "people": self.people[:candidates], "by": self.chair,
        } | fields  # fmt: skip
        return services.create_ballot(self.world.branch, **given)

    def opened(self, ballot: Ballot, present: int = 5) -> Ballot:
        return services.open_ballot(ballot, electors=self.keys(), present=self.keys(present), by=self.chair)


def counted(ballot: Ballot) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the counters of a ballot by candidate and mark: in the portal, on paper."""
    rows = Tally.objects.filter(ballot=ballot).select_related("option")
    return {(row.option.title if row.option else "", row.choice): (row.count, row.paper) for row in rows}


def options(ballot: Ballot) -> list[BallotOption]:
    return list(ballot.options.order_by("number"))


@pytest.fixture
def booth(world: World) -> Booth:
    more = [
        make_member(world.branch, Standing.FULL_MEMBER, name=f"Voter {number}", on=world.since) for number in (4, 5)
    ]
    return Booth(world, more)
