"""Reads of the ledger: what a person has in a year, and the totals of all years."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.accounts.models import User

from .models import HourEntry, HourKind


@dataclass(frozen=True, slots=True)
class Total:
    """The minutes of one kind."""

    kind: HourKind
    minutes: int

    @property
    def words(self) -> str:
        return in_words(self.minutes)


@dataclass(frozen=True, slots=True)
class YearTotals:
    """The totals of one calendar year, a line for each kind."""

    year: int
    totals: list[Total] = field(default_factory=list)


def hours_of(person: User, year: int | None = None) -> QuerySet[HourEntry]:
    """Return the entries of ``person`` that count, the newest first; of one calendar year if it is given."""
    rows = HourEntry.objects.standing().filter(person=person)
    if year is not None:
        rows = rows.filter(on__year=year)
    return rows.order_by("-on", "-pk")


def shown_to(reader: AnyUser, person_id: int) -> QuerySet[HourEntry]:
    """Return the entries of a person that ``reader`` may see and that count."""
    return scope(reader, "view", HourEntry).standing().filter(person=person_id).order_by("-on", "-pk")


def annulled_of(reader: AnyUser, person_id: int) -> QuerySet[HourEntry]:
    """Return the entries of a person that were taken back, as far as ``reader`` may see them, the latest first."""
    rows = scope(reader, "view", HourEntry).filter(person=person_id, annulled_at__isnull=False)
    return rows.select_related("organization").order_by("-annulled_at", "-pk")


def totals_by_year(rows: QuerySet[HourEntry]) -> list[YearTotals]:
    """Add up ``rows`` by calendar year and kind, the newest year first: one query."""
    found = rows.order_by().values(year=ExtractYear("on")).values_list("year", "kind").annotate(sum=Sum("minutes"))
    sums = {(year, kind): minutes for year, kind, minutes in found}
    return [
        YearTotals(year, [Total(kind, sums.get((year, kind), 0)) for kind in HourKind])
        for year in sorted({year for year, _kind in sums}, reverse=True)
    ]


def add_up(rows: Iterable[HourEntry]) -> list[Total]:
    """Add up rows that are read already, a line for each kind."""
    sums = dict.fromkeys(HourKind, 0)
    for row in rows:
        sums[HourKind(row.kind)] += row.minutes
    return [Total(kind, minutes) for kind, minutes in sums.items()]


def in_words(minutes: int) -> str:
    """Say whole minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}
    if not rest:
        return ngettext("%(count)d full hour", "%(count)d full hours", hours) % {"count": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
