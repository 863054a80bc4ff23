"""What a branch took in during a year, by month, by way of payment and by person; reversals counted against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth

from portal.organizations.models import Organization

from ..channels import label_of
from ..models import DuesPayment, PaymentKind
from ..rules import FEN

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Taken:
    """One line of a statement; ``count`` is payments less reversals."""

    label: str
    count: int
    made_up: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Payer:
    """What one person paid in the year."""

    name: str
    number: str
    branch: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """The year of a branch, or of all branches below a committee."""

    months: list[tuple[date, Taken]]
    channels: list[Taken]
    payers: list[Payer]
    reversals: int

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for _month, line in self.months), ZERO)

    @property
    def count(self) -> int:
        return sum(line.count for _month, line in self.months)


_PAID, _BACK = Q(kind=PaymentKind.PAYMENT), Q(kind=PaymentKind.REVERSAL)
_COUNTS = {
    "paid": Count("pk", filter=_PAID),
    "back": Count("pk", filter=_BACK),
    "made_up": Count("pk", filter=_PAID & Q(is_makeup=True)),
    "amount": Sum("amount"),
}


def statement_of(node: Organization, year: int) -> Statement:
    """Return what was paid in ``year`` in ``node`` and below, whatever month it was for: three statements."""
    rows: QuerySet[DuesPayment] = DuesPayment.objects.filter(
        organization__path__startswith=node.path, paid_on__year=year
    ).order_by()
    by_month = {row["number"]: row for row in rows.values(number=ExtractMonth("paid_on")).annotate(**_COUNTS)}
    by_channel = rows.values("channel").annotate(**_COUNTS).order_by("channel")
    payers = (
        rows.values("person__user__name", "person__user__number", "organization__short_name", "organization__name")
        .annotate(**_COUNTS)
        .order_by("organization__name", "person__user__number")
    )
    months = [(date(year, number, 1), _taken("", by_month.get(number))) for number in range(1, 13)]
    return Statement(
        months=months,
        channels=[_taken(label_of(row["channel"]), row) for row in by_channel],
        payers=[
            Payer(
                row["person__user__name"],
                row["person__user__number"],
                row["organization__short_name"] or row["organization__name"],
                row["paid"] - row["back"],
                row["amount"].quantize(FEN),
            )
            for row in payers
        ],
        reversals=sum(row["back"] for row in by_month.values()),
    )


def _taken(label: str, row: Mapping[str, Any] | None) -> Taken:
    if row is None:
        return Taken(label, 0, 0, ZERO)
    return Taken(label, row["paid"] - row["back"], row["made_up"], row["amount"].quantize(FEN))  # SQLite adds in floats
