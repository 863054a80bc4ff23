"""What the bound volume of a year holds."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.organizations.models import Organization

from ..models import Addendum, Minutes, MinutesState
from ..papers import Volume, sheet_of
from .content import check_chain


@dataclass(frozen=True, slots=True)
class Year:
    """How many minutes of a year are sealed, and how many are not."""

    year: int
    sealed: int
    open: int


def years_of(organization: Organization) -> list[Year]:
    """Return the years of which there are minutes, the latest first: one statement."""
    rows = (
        Minutes.objects.filter(organization=organization)
        .order_by()
        .annotate(held_year=ExtractYear("held_on"))
        .values("held_year")
        .annotate(
            sealed=Count("pk", filter=Q(state=MinutesState.SEALED)),
            unsealed=Count("pk", filter=~Q(state=MinutesState.SEALED)),
        )
        .order_by("-held_year")
    )
    return [Year(row["held_year"], row["sealed"], row["unsealed"]) for row in rows]


def by_branch(user: AnyUser, year: int) -> QuerySet[Any, Any]:
    """Return, for each organization whose minutes ``user`` may bind, how many of ``year`` are sealed and how many wait.

    ``oldest`` is the day of the oldest that is not sealed. One statement.
    """
    sealed = Q(state=MinutesState.SEALED)
    return (
        scope(user, "bind", Minutes)
        .filter(held_on__year=year)
        .order_by()
        .values("organization_id", name=F("organization__name"))
        .annotate(
            sealed=Count("pk", filter=sealed),
            unsealed=Count("pk", filter=~sealed),
            oldest=Min("held_on", filter=~sealed),
        )
        .order_by("organization__path")
    )


def volume_of(organization: Organization, year: int, *, told: Callable[[int], None] | None = None) -> Volume:
    """Return the sealed minutes of a year in the order in which they were held, and what checking them found.

    ``told`` is called with the number of links of the chain that were checked so far.
    """
    rows = list(Minutes.objects.filter(organization=organization, held_on__year=year).order_by("held_at", "pk"))
    sealed = [row for row in rows if row.is_sealed]
    added: dict[int, list[Addendum]] = defaultdict(list)
    for addendum in Addendum.objects.filter(minutes__in=[row.pk for row in sealed]).order_by("number"):
        added[addendum.minutes_id].append(addendum)
    verdict = check_chain(organization, told=told)
    return Volume(
        organization=organization.name,
        year=year,
        sheets=tuple(sheet_of(row, row.facts, tuple(added[row.pk])) for row in sealed),
        bound_on=timezone.localdate(),
        holds=verdict.holds,
        links=verdict.checked,
        head=verdict.head,
        open_words=tuple(f"{row.held_on:%Y-%m-%d}　{row.title}" for row in rows if not row.is_sealed),
    )
