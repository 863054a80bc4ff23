"""A branch that sends, a sibling in its committee, a far branch in another, and verbs short enough for tests."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from members.models import Member
from members.transfers import services
from members.transfers.models import Transfer
from portal.organizations.duties import Post
from portal.organizations.models import Standing
from portal.organizations.services import appoint
from tests.factories.people import make_member
from tests.world import World

OUTSIDE = "Committee of the city"


@dataclass
class Office:
    """``world`` with a secretary ``far`` of the far branch and a committee ``far_college`` above it."""

    world: World
    today: date
    far: Member
    far_college: Member

    def member(self, name: str = "member") -> Member:
        return self.world.member(name)

    def move(self, place: str = "sibling", name: str = "member") -> Transfer:
        user = self.world.user(name)
        return services.ask_move(self.member(name), self.world.nodes[place], by=user, on=self.today)

    def out(self, name: str = "member", *, on: date | None = None) -> Transfer:
        return services.ask_transfer_out(
            self.member(name), committee=OUTSIDE, unit="Unit", by=self.world.user(name), on=on or self.today
        )

    def arrive(self, person: Member | None = None, *, issued: date | None = None) -> Transfer:
        person = person or make_member(None, Standing.MASS)
        return services.register_arrival(
            person, self.world.branch, committee=OUTSIDE, standing=Standing.FULL_MEMBER, number="A-7",
            issued_on=issued or self.today, valid_days=30, dues_paid_to=self.today,
            by=self.world.user("secretary"), on=self.today,
        )  # fmt: skip

    def checked(self, transfer: Transfer, *, on: date | None = None) -> Transfer:
        return services.check(transfer, dues_paid_to=on or self.today, file_checked=True, by=None, on=on or self.today)

    def issued(self, transfer: Transfer, *, days: int = 90, on: date | None = None) -> Transfer:
        transfer = self.checked(transfer, on=on)
        return services.issue(transfer, valid_days=days, by=None, on=on or self.today)

    def carried(self, *, on: date | None = None, days: int = 90) -> Transfer:
        return services.hand_over(self.issued(self.out(on=on), days=days, on=on), by=None, on=on or self.today)


@pytest.fixture
def office(world) -> Office:
    today = timezone.localdate()
    far = make_member(world.far_branch, Standing.FULL_MEMBER, name="Far", on=world.since)
    college = make_member(world.office, Standing.FULL_MEMBER, name="Far college", on=world.since)
    appoint(far.user, world.far_branch, Post.SECRETARY, on=world.since, by=None)
    appoint(college.user, world.far_unit, Post.COMMITTEE_STAFF, on=world.since, by=None)
    # What the letter needs, so that only what a test takes away is missing.
    Member.objects.filter(user__in=list(world.users.values())).update(
        sex="1", ethnicity="01", birth_date=today - timedelta(days=9000), joined_on=None
    )
    for number, name in enumerate(("member", "contact", "probationary")):
        Member.objects.filter(user=world.users[name]).update(id_no_index=f"index{number}")
    return Office(world, today, far, college)
