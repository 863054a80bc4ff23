"""A branch that has kept its dues for some months, with verbs short enough for tests."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from members.dues import services
from members.dues.models import DuesLedger, DuesPayment, DuesStandard
from members.dues.months import month_of, shifted
from members.models import Member
from portal.organizations.models import Organization
from tests.world import World


@dataclass
class Desk:
    """``world`` on ``today``; ledgers began ``months`` months ago, nothing is paid."""

    world: World
    today: date
    first: date

    @property
    def month(self) -> date:
        return month_of(self.today)

    def ago(self, months: int) -> date:
        return shifted(self.month, -months)

    def open(self, node: Organization | None = None, since: date | None = None) -> None:
        branches = [node] if node else [self.world.branch, self.world.sibling, self.world.far_branch]
        DuesLedger.objects.bulk_create(DuesLedger(organization=row, since=since or self.first) for row in branches)

    def student(self, name: str) -> Member:
        Member.objects.filter(user=self.world.users[name]).update(person_kind="undergraduate")
        return self.world.member(name)

    def standard(self, name: str, amount: str = "15.00", month: date | None = None) -> DuesStandard:
        base = Decimal(amount) * 200  # at half a percent
        return services.set_standard(
            self.world.member(name), kind="monthly", base=base, month=month or self.month,
            by=self.world.user("committee"), on=self.today,
        )  # fmt: skip

    def pay(self, name: str, month: date | None = None, *, by: str = "secretary", paid_on: date | None = None,
            amount: str | None = None, token: uuid.UUID | None = None) -> DuesPayment:  # fmt: skip
        return services.record_payment(
            self.world.member(name), month or self.month, branch=self.world.branch, paid_on=paid_on or self.today,
            channel="cash", amount=None if amount is None else Decimal(amount), token=token,
            by=self.world.user(by), on=self.today,
        )  # fmt: skip


@pytest.fixture
def desk(world: World) -> Desk:
    from django.utils import timezone

    today = timezone.localdate()
    desk = Desk(world, today, shifted(month_of(today), -9))
    desk.open()
    return desk
