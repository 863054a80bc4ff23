"""The year of a node: what it owed in each month, what comes next, and how many came."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, scope
from portal.organizations.models import Organization

from ..addresses import board_url, calendar_url, plan_url, year_url
from ..engine.evaluate import Obligation, Status
from ..engine.periods import Period, Span, periods_in
from ..kinds import DUTIES
from ..models import Waiver
from ..policies import is_superior, keeps_here
from ..queries.absences import turnout_by_month
from ..queries.one import reading_of
from ..queries.reading import Reading
from ..wording import period_words
from .addressing import year_in, years_beside
from .lights import Coming, light_of

_WIDTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}
COMING = (Status.DUE, Status.PLANNED)


@require_GET
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a node owed in each month of a year, what comes next, and how many came."""
    node = fetch(request.user, "see_life", Organization, pk=pk)
    today = timezone.localdate()
    wanted = year_in(request.GET, today)
    reading = reading_of(node, wanted, on=today)
    owed = _of_year(reading, node, wanted)
    came = turnout_by_month(node.pk, wanted)
    context = {
        "node": node,
        "year": wanted,
        "months": [period.first for period in periods_in(Span.MONTH, date(wanted, 1, 1), date(wanted, 12, 31))],
        "rows": _rows(node, owed, wanted),
        "groups": [_group(reading, group, wanted) for group in reading.nodes if group.pk != node.pk],
        "turnouts": [came.get(number) for number in range(1, 13)] if came else [],
        "coming": [
            _coming(request, node, row, today)
            for row in sorted(owed, key=lambda row: row.due_on)
            if row.status in COMING
        ],
        "waivers": scope(request.user, "view", Waiver)
        .filter(organization=node, period__startswith=str(wanted))
        .select_related("by"),
        "may_revoke": is_superior(request.user, node),
        "today": today,
        **_doors(request, node, wanted, today),
    }
    return render(request, "members/obligations/year.html", context)


def _doors(request: HttpRequest, node: Organization, year: int, today: date) -> dict[str, str]:
    """Return where the page of a year leads, and where it learns of changes."""
    month = Period.of(Span.MONTH, today if year == today.year else date(year, 1, 1))
    earlier, later = years_beside(year)
    pulse = urlencode({"node": node.pk, "month": f"{year}-01", "exact": 1})
    may_see = node.is_branch and keeps_here(request.user, node)
    return {
        "earlier_url": year_url(node, earlier) if earlier else "",
        "later_url": year_url(node, later) if later else "",
        "board_url": board_url(node, month),
        "calendar_url": calendar_url(node, month),
        "absences_url": reverse("members:obligations:absence-list", args=[node.pk]) if may_see else "",
        "pulse_url": f"{reverse('members:obligations:pulse')}?{pulse}",
    }


def _of_year(reading: Reading, node: Organization, year: int) -> list[Obligation]:
    if node.pk not in reading.units:
        return []
    return reading.owed(node, date(year, 1, 1), date(year, 12, 31))


def _group(reading: Reading, group: Organization, year: int) -> dict[str, Any]:
    rows = _rows(group, _of_year(reading, group, year), year)
    return {"node": group, "url": year_url(group, year), "rows": rows}


def _rows(node: Organization, owed: list[Obligation], year: int) -> list[dict[str, Any]]:
    """Return a line for each kind that is owed: its cells over twelve months, empty where nothing is owed."""
    by_key = {row.key: row for row in owed}
    rows = []
    for kind in dict.fromkeys(row.kind for row in owed):
        span = DUTIES[kind].span
        cells = []
        for period in periods_in(span, date(year, 1, 1), date(year, 12, 31)):
            found = by_key.get((kind, period.code))
            cells.append(
                {
                    "width": _WIDTHS[span],
                    "label": period_words(period),
                    "light": light_of(node, found) if found else None,
                }
            )
        rows.append({"label": kind.label, "cells": cells})
    return rows


def _coming(request: HttpRequest, node: Organization, owed: Obligation, today: date) -> Coming:
    return Coming(
        light_of(node, owed),
        str(owed.kind.label),
        period_words(owed.period),
        owed.due_on,
        plan_url(request.user, node, owed, today),
        owed.planned[0].on if owed.status is Status.PLANNED else None,
    )
