"""Meetings in a month as a calendar, and in a year by kind."""

import calendar
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ..models import MeetingKind, MeetingState
from ..queries.meetings import filtered, kinds_by_month, with_parts
from ..rules.recurrence import monday_of
from ..words import tone_of
from .lists import chosen_rows, view_tabs, whose_links

# A university has hundreds of sittings a month: a cell names some and leads to the list for the others.
PER_DAY = 4
MOST = 2000
YEARS = range(2000, 2101)


def _month(text: str, today: date) -> date:
    """Return the first day of the month that the address names; anything else means this month."""
    year, _dash, month = text[:7].partition("-")
    if not all(part.isascii() and part.isdigit() for part in (year, month)):
        return today.replace(day=1)
    is_month = int(year) in YEARS and 1 <= int(month) <= 12
    return date(int(year), int(month), 1) if is_month else today.replace(day=1)


def _year(text: str, today: date) -> int:
    is_year = text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS
    return int(text) if is_year else today.year


@require_GET
def meeting_calendar(request: HttpRequest) -> HttpResponse:
    """Show one month in weeks; on a telephone the days that have something, one after another."""
    rows, own, organization = chosen_rows(request)
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    last = first + relativedelta(day=31)
    rows = filtered(with_parts(rows), organization=organization, since=first, until=last)
    found: dict[date, list[dict[str, Any]]] = {}
    for meeting in rows.exclude(state=MeetingState.CANCELLED).order_by("planned_at", "pk")[:MOST]:
        local = timezone.localtime(meeting.planned_at)
        kinds = ", ".join(str(part.get_kind_display()) for part in meeting.parts.all())
        found.setdefault(local.date(), []).append(
            {"meeting": meeting, "at": local, "kinds": kinds, "tone": tone_of(meeting.state)}
        )
    base = _base(own, organization, request)
    weeks, day = [], monday_of(first)
    while day <= last:
        week = [day + timedelta(days=number) for number in range(7)]
        weeks.append([_cell(one, found.get(one, []), first, today, base) for one in week])
        day += timedelta(days=7)
    address = reverse("members:meetings:meeting-calendar")
    context = {
        "weeks": weeks,
        "names": [date_format(monday_of(first) + timedelta(days=number), "D") for number in range(7)],
        "month": first,
        "title": date_format(first, "YEAR_MONTH_FORMAT"),
        "before": f"{address}?{urlencode({**base, 'month': f'{first - timedelta(days=1):%Y-%m}'})}",
        "after": f"{address}?{urlencode({**base, 'month': f'{last + timedelta(days=1):%Y-%m}'})}",
        "now": f"{address}?{urlencode(base)}" if base else address,
        "is_now": first == today.replace(day=1),
        "count": sum(len(rows) for rows in found.values()),
        "organization": organization,
        "whose": whose_links(request, "meeting-calendar", own),
        "tabs": view_tabs(request, "meeting-calendar", own=own, organization=organization),
    }
    return render(request, "members/meetings/meeting_calendar.html", context)


def _base(own: bool, organization: Any, request: HttpRequest) -> dict[str, Any]:
    base: dict[str, Any] = {}
    if own and request.GET.get("whose") == "mine":
        base["whose"] = "mine"
    if organization is not None:
        base["organization"] = organization.pk
    return base


def _cell(day: date, rows: list[dict[str, Any]], first: date, today: date, base: dict[str, Any]) -> dict[str, Any]:
    when = "coming" if day >= today else "past"
    query = urlencode({**base, "since": day.isoformat(), "until": day.isoformat(), "when": when})
    return {
        "day": day,
        "inside": day.month == first.month,
        "today": day == today,
        "rows": rows[:PER_DAY],
        "more": max(0, len(rows) - PER_DAY),
        "url": f"{reverse('members:meetings:meeting-list')}?{query}",
    }


@require_GET
def meeting_year(request: HttpRequest) -> HttpResponse:
    """Show how many of each kind were or will be held in each month of a year, each number leading to its list."""
    rows, own, organization = chosen_rows(request)
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today)
    chosen = filtered(rows, organization=organization, since=date(year, 1, 1), until=date(year, 12, 31))
    chosen = chosen.exclude(state=MeetingState.CANCELLED)
    found = kinds_by_month(chosen)
    base = _base(own, organization, request)
    address = reverse("members:meetings:meeting-year")
    table = []
    for kind in MeetingKind:
        cells = [_count(found.get((kind.value, month), 0), kind, year, month, today, base) for month in range(1, 13)]
        if any(cell["count"] for cell in cells):
            table.append({"label": kind.label, "cells": cells, "sum": sum(cell["count"] for cell in cells)})
    context = {
        "year": year,
        "table": table,
        "months": [date_format(date(year, month, 1), "M") for month in range(1, 13)],
        "before": f"{address}?{urlencode({**base, 'year': year - 1})}" if year - 1 in YEARS else "",
        "after": f"{address}?{urlencode({**base, 'year': year + 1})}" if year + 1 in YEARS else "",
        "organization": organization,
        "whose": whose_links(request, "meeting-year", own),
        "tabs": view_tabs(request, "meeting-year", own=own, organization=organization),
        "lead": _("How many of each kind in each month."),
    }
    return render(request, "members/meetings/meeting_year.html", context)


def _count(count: int, kind: Any, year: int, month: int, today: date, base: dict[str, Any]) -> dict[str, Any]:
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    query = urlencode({**base, "month": f"{first:%Y-%m}"})
    return {
        "count": count,
        "url": f"{reverse('members:meetings:meeting-calendar')}?{query}" if count else "",
        "current": first <= today <= last,
        "kind": kind.label,
    }
