"""A branch of six full members and a probationary one in the appraisal of a year, at any stage."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.utils import timezone

from members.appraisals import services
from members.appraisals.models import Appraisal, AppraisalPerson
from members.appraisals.rules import Opinion, Stage
from members.models import Member
from portal.accounts.models import User
from portal.ballots.models import Ballot
from portal.ballots.services import cast
from portal.organizations.models import Standing
from tests.factories.people import make_member
from tests.world import World

FULL = ("secretary", "contact", "member", "retired")
TEXT = "A year of work and study."


@dataclass
class Year:
    """Verbs short enough for tests; the secretary leads."""

    world: World
    today: date
    more: list[Member] = field(default_factory=list)

    @property
    def by(self) -> User:
        return self.world.user("secretary")

    @property
    def voters(self) -> list[User]:
        """Return those who get a grade, in a settled order."""
        return [self.world.user(name) for name in FULL] + [person.user for person in self.more]

    def announced(self, **fields) -> Appraisal:
        given = {
            "year": self.today.year, "self_until": self.today, "ballot_on": self.today, "by": self.by, "on": self.today,
        } | fields  # fmt: skip
        return services.announce(given.pop("organization", self.world.branch), **given)

    def forward(self, appraisal: Appraisal, *, to: Stage) -> Appraisal:
        while appraisal.state != to:
            appraisal = services.advance(appraisal, stage=appraisal.state, by=self.by, on=self.today)
        return appraisal

    def voting(self, **fields) -> Appraisal:
        return self.forward(self.announced(**fields), to=Stage.BALLOT)

    def paper(self, ballot: Ballot, voter: User, *, excellent: int = 0, grade: str = "qualified") -> dict[int, str]:
        """Return grades for everybody but the voter, the first ``excellent`` of them excellent."""
        others = [option.pk for option in ballot.options.all() if option.person_id != voter.pk]
        return {pk: "excellent" if place < excellent else grade for place, pk in enumerate(others)}

    def vote(self, appraisal: Appraisal, voters: list[User] | None = None) -> None:
        for voter in self.voters if voters is None else voters:
            cast(appraisal.ballot, voter, self.paper(appraisal.ballot, voter, excellent=1))

    def counted(self, **fields) -> Appraisal:
        appraisal = self.voting(**fields)
        self.vote(appraisal)
        return self.forward(appraisal, to=Stage.COMMITTEE)

    def part(self, appraisal: Appraisal, name: str) -> AppraisalPerson:
        return appraisal.people.get(user=self.world.users[name])

    def opinions(self, appraisal: Appraisal, *, excellent: int = 0, **others: Opinion) -> dict[int, Opinion]:
        graded = [row.pk for row in appraisal.people.order_by("pk") if row.is_graded]
        found = {pk: Opinion("excellent" if n < excellent else "qualified") for n, pk in enumerate(graded)}
        return found | {self.part(appraisal, name).pk: opinion for name, opinion in others.items()}

    def decided(self, appraisal: Appraisal, **fields) -> Appraisal:
        given = self.opinions(appraisal, **fields)
        return services.decide(appraisal, given, version=appraisal.version, by=self.by, on=self.today)

    def reported(self) -> Appraisal:
        appraisal = self.decided(self.counted(), excellent=1)
        return services.report(appraisal, decided_on=self.today, by=self.by, on=self.today)

    def closed(self) -> Appraisal:
        appraisal = services.confirm(self.reported(), by=self.world.user("college"), on=self.today)
        return services.close(appraisal, by=self.by, on=self.today)


@pytest.fixture
def year(world) -> Year:
    since = world.since + timedelta(days=1)
    more = [make_member(world.branch, Standing.FULL_MEMBER, name=f"Voter {n}", on=since) for n in (5, 6)]
    return Year(world, timezone.localdate(), more)
