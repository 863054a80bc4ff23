"""Which nodes are read, and between which days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left, Length
from django.db.models.lookups import In
from django.utils import timezone

from portal.organizations.models import Organization, OrganizationStatus, OrganizationType

from ..engine.periods import Period, Span
from ..kinds import OWING_TYPES

Windows = Mapping[Span, tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Place:
    """Which nodes are read: those on or under ``paths``, or, ``exact``, those alone with their groups.

    ``keys`` are the nodes themselves once they are known: what hangs on them is found by their keys.
    """

    paths: tuple[str, ...]
    exact: bool = False
    keys: tuple[int, ...] | None = None

    def condition(self, prefix: str = "") -> Q:
        """Return the condition that the node at lookup ``prefix`` (``"organization__"``) is among them."""
        if self.keys is not None:
            return Q(**{f"{prefix}pk__in": self.keys})
        if self.exact:
            path = F(f"{prefix}path")
            above = In(Left(path, Length(path) - Organization.steplen), list(self.paths))
            return Q(**{f"{prefix}path__in": self.paths}) | Q(above, **{f"{prefix}org_type": OrganizationType.GROUP})
        found = Q(**{f"{prefix}pk__in": []})
        for start in self.paths:
            found |= Q(**{f"{prefix}path__startswith": start})
        return found

    def known(self, nodes: Iterable[Organization]) -> "Place":
        """Return the same place with its nodes known, where they are few."""
        return replace(self, keys=tuple(node.pk for node in nodes)) if self.exact else self


def year_windows(first: int, last: int | None = None) -> Windows:
    """Return the windows in which all duties of some years lie."""
    whole = date(first, 1, 1), date(last or first, 12, 31)
    return dict.fromkeys(Span, whole)


def windows_of(first: date, last: date) -> Windows:
    """Return for each span the days of its periods that have a day between two days: no more is read."""
    return {span: (Period.of(span, first).first, Period.of(span, last).last) for span in Span}


def owing_nodes(place: Place, first: date, last: date) -> QuerySet[Organization]:
    """Return the nodes that may owe something between two days; one that is suspended owes nothing."""
    stood = (Q(established_on=None) | Q(established_on__lte=last)) & (Q(closed_on=None) | Q(closed_on__gt=first))
    return Organization.objects.filter(place.condition(), stood, org_type__in=OWING_TYPES).exclude(
        status=OrganizationStatus.SUSPENDED
    )


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))
