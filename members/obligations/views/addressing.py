"""What the addresses of the duties name: a node, a month, a year, a duty in a period."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404

from portal.access.policy import fetch, scope
from portal.access.rights import AnyUser
from portal.organizations.models import Organization

from ..engine.periods import FIRST_YEAR, LAST_YEAR, Period, Span
from ..kinds import DUTIES, DutyKind


def node_of(user: AnyUser, parameters: Mapping[str, str]) -> Organization:
    """Return the node that the address names, or the first whose duties the reader sees."""
    wanted = parameters.get("node", "")
    if wanted:
        if not (wanted.isascii() and wanted.isdecimal()):
            raise Http404
        return fetch(user, "see_life", Organization, pk=wanted)
    found = scope(user, "see_life", Organization).order_by("path").first()
    if found is None:
        raise PermissionDenied
    return found


def month_in(parameters: Mapping[str, str], on: date) -> Period:
    """Return the month that the address names; this month for anything that is none."""
    period = Period.read(parameters.get("month", ""))
    return period if period and period.span is Span.MONTH else Period.of(Span.MONTH, on)


def year_in(parameters: Mapping[str, str], on: date) -> int:
    """Return the year that the address names; this year for anything that is none."""
    period = Period.read(parameters.get("year", ""))
    return period.first.year if period and period.span is Span.YEAR else on.year


def duty_in(kind: str, period: str) -> tuple[DutyKind, Period]:
    """Return the duty and the period that an address names; ``Http404`` where they do not belong together."""
    found = Period.read(period)
    if kind not in DUTIES or found is None or DUTIES[kind].span is not found.span:
        raise Http404
    return DutyKind(kind), found


def years_beside(year: int) -> tuple[int | None, int | None]:
    return (year - 1 if year > FIRST_YEAR else None, year + 1 if year < LAST_YEAR else None)
