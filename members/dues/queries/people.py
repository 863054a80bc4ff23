"""The dues of one person: where they are collected, month by month, what was paid."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from members.models import Member
from portal.access.rights import AnyUser
from portal.organizations.models import Organization, OrganizationType

from ..models import DuesPayment, DuesStandard, Reduction
from ..months import month_of, shifted, span
from ..rules import (
    RUN_MAX,
    MonthState,
    PaidFact,
    PersonFacts,
    Risk,
    amount_owed,
    owed_in,
    risk_of,
    state_of,
    unpaid_run,
)
from .facts import facts_of
from .tables import nodes_of


def people_of(user: AnyUser) -> QuerySet[Member]:
    """Return the people whose dues ``user`` keeps: those who belong to the clerk's branches now."""
    return Member.objects.with_person().filter(organization__in=nodes_of(user).order_by().values("pk"))


def branch_of(person: Member) -> Organization | None:
    """Return the branch that collects from ``person`` now, or ``None`` where no ledger is kept."""
    place = person.organization
    if place is None:
        return None
    path = place.path[: -Organization.steplen] if place.org_type == OrganizationType.GROUP else place.path
    return Organization.objects.filter(path=path, dues_ledger__isnull=False).first()


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """One month of one person; ``node_id`` is the branch that collects it."""

    month: date
    state: MonthState
    owed: Decimal | None
    paid: PaidFact | None
    node_id: int | None

    @property
    def is_collectable(self) -> bool:
        return self.state in (MonthState.OPEN, MonthState.UNPAID)


@dataclass(frozen=True, slots=True)
class PersonYear:
    """A person's dues in a year, and how they stand today."""

    facts: PersonFacts
    months: list[OwnMonth]
    run: int
    risk: Risk
    paid_to: date | None

    @property
    def paid_amount(self) -> Decimal:
        return sum((month.paid.amount for month in self.months if month.paid), Decimal("0.00"))


def year_of(person: Member, year: int, *, on: date) -> PersonYear:
    """Return the twelve months of ``year`` and the run of unpaid ones up to today: six statements."""
    first, last, now = date(year, 1, 1), date(year, 12, 1), month_of(on)
    facts = facts_of([person.pk], min(first, shifted(now, -RUN_MAX)), max(last, now))[person.pk]
    months = [
        OwnMonth(
            month,
            state_of(facts, month, on=on),
            amount_owed(facts, month),
            facts.paid.get(month),
            owed_in(facts, month),
        )
        for month in span(first, last)
    ]
    run = unpaid_run(facts, on=on)
    return PersonYear(facts, months, run, risk_of(run, facts.rules), max(facts.paid, default=None))


def arrears_of(facts: PersonFacts, *, on: date) -> list[date]:
    """Return the months that can still be made up and this month, as far as they are owed and not paid."""
    now = month_of(on)
    first = shifted(now, -facts.rules.make_up_months)
    return [
        month for month in span(first, now) if state_of(facts, month, on=on) in (MonthState.UNPAID, MonthState.OPEN)
    ]


def dues_paid_to(person: Member) -> date | None:
    """Return the last month up to which nothing is missing among those recorded: what a transfer letter states."""
    paid = DuesPayment.objects.standing().filter(person=person)
    return paid.order_by("-month").values_list("month", flat=True).first()


def standards_of(person: Member) -> QuerySet[DuesStandard]:
    """Return the standards of a person that count or counted, newest first."""
    return DuesStandard.objects.filter(person=person, voided_at=None).select_related("confirmed_by", "person")


def payments_of(person: Member, year: int) -> QuerySet[DuesPayment]:
    """Return what was recorded for the months of ``year``, reversals too, in the order it was recorded."""
    taken_back = Exists(DuesPayment.objects.filter(reverses=OuterRef("pk")))
    rows = DuesPayment.objects.filter(person=person, month__year=year).annotate(is_taken_back=taken_back)
    return rows.select_related("reverses", "recorded_by").order_by("month", "pk")


def reductions_of(person: Member) -> QuerySet[Reduction]:
    return Reduction.objects.filter(person=person).select_related("organization", "answered_by")
