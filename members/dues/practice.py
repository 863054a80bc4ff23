"""A year of dues in the practice university: ledgers, bases of the staff, months paid and a few that are not."""

import random
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from members.models import Member
from portal.home.practice.world import SEED, PracticeWorld
from portal.organizations.models import Organization

from .models import DuesLedger, DuesPayment, DuesStandard, Reduction
from .months import as_text, last_day, month_of, shifted
from .queries.tables import month_of_node
from .rules import MEMBERS, Kind, pays_fixed
from .services import Line, approve_reduction, ask_reduction, open_ledgers, record_payments, set_standard

MONTHS = 6
# One in so many of a branch forgets a month, and one person of every third branch has stopped paying.
FORGETS_ONE_IN = 15
STOPS_EVERY = 3


def make_dues(world: PracticeWorld) -> None:
    """Open the ledgers, confirm bases and record the months up to this one; what is there stays."""
    assert world.root is not None
    first = shifted(month_of(world.today), -MONTHS)
    if not DuesLedger.objects.exists():
        open_ledgers(world.root, month=first, by=None, on=world.today)
    # The dues have dice of their own: those of other rooms fall as before.
    rng = random.Random(SEED + 9)  # noqa: S311 - practice data, no secret
    for place, branch in enumerate([world.office, *world.branches]):
        if branch is None or DuesPayment.objects.filter(organization=branch).exists():
            continue
        _confirm(branch, first, rng, world.today)
        _record(branch, first, rng, world.today, stops=place % STOPS_EVERY == 1)
    _reduce(world)


def _confirm(branch: Organization, first: date, rng: random.Random, today: date) -> None:
    known = set(DuesStandard.objects.filter(person__organization=branch).values_list("person_id", flat=True))
    people = Member.objects.with_person().filter(organization=branch, standing__in=MEMBERS).order_by("pk")
    for person in people:
        if pays_fixed(person.person_kind) or person.pk in known:
            continue
        base = Decimal(rng.randint(52, 168) * 100)
        set_standard(person, kind=Kind.MONTHLY, base=base, month=first, by=None, on=today)


def _record(branch: Organization, first: date, rng: random.Random, today: date, *, stops: bool) -> None:
    stopped: int | None = None
    for month in _months(first, today):
        end = min(last_day(month), today)
        rows = [row for row in month_of_node(branch, month, on=today) if row.is_collectable]
        if stops and stopped is None and rows:
            stopped = rows[-1].pk
        current = month == month_of(today)
        share = 3 if current else FORGETS_ONE_IN
        lines = [
            Line(row.pk, month)
            for row in rows
            if not (row.pk == stopped and month != first) and rng.randrange(share) != 0
        ]
        if lines:
            token = uuid.uuid5(uuid.NAMESPACE_OID, f"{branch.code}:{as_text(month)}")
            day = date(month.year, month.month, min(20, end.day))
            record_payments(lines, branch=branch, paid_on=day, channel="cash", token=token, by=None, on=today)


def _months(first: date, today: date) -> Iterator[date]:
    month = first
    while month <= today:
        yield month
        month = shifted(month, 1)


def _reduce(world: PracticeWorld) -> None:
    """Let two people of the home branch have asked for less: one is granted, one waits."""
    if Reduction.objects.exists():
        return
    taken = set(world.accounts.values())
    people = Member.objects.with_person().filter(organization=world.home_branch, standing__in=MEMBERS)
    found = [person for person in people.order_by("-pk") if person.user not in taken][:2]
    now = month_of(world.today)
    for place, person in enumerate(found):
        asked = ask_reduction(
            person,
            first=now,
            last=shifted(now, 5),
            amount=Decimal(0),
            reason="家庭遭遇困难，经支部研究，建议免交党费。",
            decided_on=world.today,
            by=None,
            on=world.today,
        )
        if place == 0:
            approve_reduction(asked, by=None, on=world.today)
