"""The month of a branch person by person, and of a committee branch by branch: a constant number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from portal.access.policy import duty_scope
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationStatus

from ..models import DuesLedger
from ..months import month_of, shifted
from ..rules import COLLECTING, RUN_MAX, MonthState, PaidFact, Risk, amount_owed, risk_of, state_of, unpaid_run
from .facts import facts_of, last_paid_of, rules_on
from .owing import owing

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """One person in one month; ``branch`` is the path of the branch that collects, ``run`` is counted to today."""

    pk: int
    user_id: int
    name: str
    number: str
    branch: str
    state: MonthState
    owed: Decimal | None
    paid: PaidFact | None
    run: int
    risk: Risk

    @property
    def is_collectable(self) -> bool:
        """Say whether a payment may be recorded for the month."""
        return self.state in (MonthState.OPEN, MonthState.UNPAID)


def nodes_of(user: AnyUser) -> QuerySet[Organization]:
    """Return the organizations whose dues ``user`` keeps."""
    return duty_scope(user, Duty.COLLECT_DUES)


def month_of_node(node: Organization, month: date, *, on: date) -> list[PersonMonth]:
    """Return everyone who owes ``month`` in ``node`` and below, by number: nine statements."""
    return month_under([node.path], month, on=on)


def month_under(paths: Iterable[str], month: date, *, on: date) -> list[PersonMonth]:
    """Return who owes ``month`` in branches on or under ``paths``, each with the run of unpaid months up to today."""
    here = owing(month, list(paths))
    people = list(
        here.order_by("user__number").values_list(
            "user__member__pk", "user_id", "user__name", "user__number", "collecting"
        )
    )
    chosen = [pk for pk, *_rest in people]
    now = month_of(on)
    earliest, latest = shifted(now, -RUN_MAX), shifted(now, -1)
    rules = rules_on(on)
    facts = facts_of(chosen, min(earliest, month), max(latest, month), rules=rules, paid_from=month)
    last_paid = last_paid_of(chosen, earliest, latest)
    found = []
    for pk, user_id, name, number, branch in people:
        if pk not in facts:
            continue
        own = facts[pk]
        paid_then = {key: paid for key, paid in own.paid.items() if key <= latest}
        latest_paid = max([*paid_then, *([last_paid[pk]] if pk in last_paid else [])], default=None)
        run = unpaid_run(own, on=on, last_paid=latest_paid)
        found.append(
            PersonMonth(
                pk=pk,
                user_id=user_id,
                name=name,
                number=number,
                branch=branch,
                state=state_of(own, month, on=on),
                owed=amount_owed(own, month),
                paid=own.paid.get(month),
                run=run,
                risk=risk_of(run, rules),
            )
        )
    return found


SHOWN = {
    "unpaid": (MonthState.OPEN, MonthState.UNPAID, MonthState.UNSET, MonthState.LOST),
    "paid": (MonthState.PAID,),
    "waived": (MonthState.WAIVED,),
    "unset": (MonthState.UNSET,),
}
RISKS = {
    "warned": (Risk.WARNED, Risk.NEAR, Risk.REACHED),
    "near": (Risk.NEAR, Risk.REACHED),
    "reached": (Risk.REACHED,),
}


def shown(rows: Iterable[PersonMonth], show: str) -> list[PersonMonth]:
    """Keep the rows that a filter asks for; an unknown one keeps all."""
    if show in SHOWN:
        return [row for row in rows if row.state in SHOWN[show]]
    if show in RISKS:
        return [row for row in rows if row.risk in RISKS[show]]
    return list(rows)


@dataclass(slots=True)
class Totals:
    """How far a month has come; amounts in yuan. ``owed`` leaves out whoever's base is not confirmed."""

    people: int = 0
    paid: int = 0
    waived: int = 0
    unpaid: int = 0
    unset: int = 0
    warned: int = 0
    near: int = 0
    reached: int = 0
    owed_amount: Decimal = ZERO
    paid_amount: Decimal = ZERO

    def add(self, row: PersonMonth) -> None:
        """Count one person."""
        self.people += 1
        self.paid += row.state == MonthState.PAID
        self.waived += row.state == MonthState.WAIVED
        self.unpaid += row.state in SHOWN["unpaid"]
        self.unset += row.state == MonthState.UNSET
        self.warned += row.risk in RISKS["warned"]
        self.near += row.risk in RISKS["near"]
        self.reached += row.risk in RISKS["reached"]
        self.owed_amount += row.owed or ZERO
        self.paid_amount += row.paid.amount if row.paid else ZERO

    def join(self, other: "Totals") -> None:
        """Add the totals of another branch."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class BranchMonth:
    """A branch in a month; ``since`` is the first month of its ledger, ``None`` without one."""

    organization: Organization
    since: date | None
    totals: Totals = field(default_factory=Totals)


def totals_of(rows: Iterable[PersonMonth]) -> Totals:
    totals = Totals()
    for row in rows:
        totals.add(row)
    return totals


def branches_of(node: Organization, month: date, *, on: date) -> list[BranchMonth]:
    """Return the collecting branches on or under ``node``, each with its month: ten statements."""
    rows = month_of_node(node, month, on=on)
    nodes = collecting_branches(node, on=on)
    opened = dict(
        DuesLedger.objects.filter(organization__path__startswith=node.path).values_list("organization_id", "since")
    )
    found = {branch.path: BranchMonth(branch, opened.get(branch.pk)) for branch in nodes}
    for row in rows:
        if row.branch in found:
            found[row.branch].totals.add(row)
    # A closed branch is shown as long as somebody owes there.
    return [branch for branch in found.values() if branch.totals.people or branch.organization.stood_on(on)]


def ledger_of(node: Organization) -> DuesLedger | None:
    """Return the ledger of a branch, or ``None`` where none is kept and for nodes that do not collect."""
    return DuesLedger.objects.filter(organization=node).first() if node.org_type in COLLECTING else None


def collecting_branches(node: Organization, *, on: date) -> QuerySet[Organization]:
    """Return the branches on or under ``node`` that collect: those that stand, and closed ones that once kept dues."""
    keeps = Q(dues_ledger__isnull=False) | Q(status=OrganizationStatus.ACTIVE, closed_on=None)
    return Organization.objects.below(node).filter(keeps, org_type__in=COLLECTING)
