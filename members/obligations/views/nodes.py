"""The year of a node, the reason of a light, and who of a branch has been away."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.meetings.models import MeetingPart
from portal.access.policy import fetch, scope
from portal.access.rights import Rights, rights_of
from portal.organizations.duties import POST_DUTIES, Post
from portal.organizations.duties import Duty as Right
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page
from portal.web.refusals import RuleError

from .. import services
from ..addresses import board_url, plan_url, year_url
from ..engine.evaluate import Obligation, Status
from ..engine.periods import Period, Span, periods_in
from ..kinds import DUTIES, NAMED, DutyKind
from ..models import Waiver
from ..policies import is_superior
from ..queries.absences import absences, turnout_by_month, turnout_of
from ..queries.one import obligation_in_reading, reading_of
from ..queries.places import Place
from ..queries.reading import Reading
from ..queries.records import held_for, lectures_of
from ..services.waivers import refusal_of
from ..wording import period_words, reasons_of
from .addressing import duty_in, year_in, years_beside
from .lights import Coming, light_of

_WIDTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


@require_GET
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a node owed in each month of a year, what comes next, and how many came."""
    node = fetch(request.user, "see_life", Organization, pk=pk)
    today = timezone.localdate()
    wanted = year_in(request.GET, today)
    reading = reading_of(node, wanted, on=today)
    owed = _of_year(reading, node, wanted)
    earlier, later = years_beside(wanted)
    came = turnout_by_month(node.pk, wanted)
    groups = [found for found in reading.nodes if found.pk != node.pk]
    rights = rights_of(request.user)
    month = Period.of(Span.MONTH, today if wanted == today.year else date(wanted, 1, 1))
    context = {
        "node": node,
        "year": wanted,
        "months": [period.first for period in periods_in(Span.MONTH, date(wanted, 1, 1), date(wanted, 12, 31))],
        "rows": _rows(node, owed, wanted),
        "groups": [
            {
                "node": group,
                "url": year_url(group, wanted),
                "rows": _rows(group, _of_year(reading, group, wanted), wanted),
            }
            for group in groups
        ],
        "turnouts": [came.get(number) for number in range(1, 13)] if came else [],
        "coming": [_coming(request, node, row, today) for row in sorted(owed, key=lambda row: row.due_on)
                   if row.status is Status.DUE],
        "waivers": scope(request.user, "view", Waiver)
        .filter(organization=node, period__startswith=str(wanted))
        .select_related("by"),
        "may_revoke": is_superior(request.user, node),
        "earlier_url": year_url(node, earlier) if earlier else "",
        "later_url": year_url(node, later) if later else "",
        "board_url": board_url(node, month),
        "absences_url": reverse("members:obligations:absence-list", args=[node.pk])
        if node.is_branch and _keeps_here(rights, node)
        else "",
        "pulse_url": f"{reverse('members:obligations:pulse')}?"
        + urlencode({"node": node.pk, "month": f"{wanted}-01", "exact": 1}),
    }  # fmt: skip
    return render(request, "members/obligations/year.html", context)


def _of_year(reading: Reading, node: Organization, year: int) -> list[Obligation]:
    if node.pk not in reading.units:
        return []
    return reading.owed(node, date(year, 1, 1), date(year, 12, 31))


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
    )


@require_GET
def duty(request: HttpRequest, pk: int, kind: str, period: str) -> HttpResponse:
    """Say why a light stands as it does, what it was met by, and what can be done."""
    node = fetch(request.user, "see_life", Organization, pk=pk)
    wanted, when = duty_in(kind, period)
    today = timezone.localdate()
    reading = reading_of(node, when.first.year, on=today)
    owed = obligation_in_reading(reading, node, wanted, when)
    waiver = (
        scope(request.user, "view", Waiver)
        .filter(organization=node, kind=wanted, period=when.code, revoked_on=None)
        .select_related("by")
        .first()
    )
    is_above = is_superior(request.user, node)
    context = {
        "node": node,
        "kind": wanted,
        "period": when,
        "period_words": period_words(when),
        "owed": owed,
        "year_url": year_url(node, when.first.year),
        "light": light_of(node, owed) if owed else None,
        "reasons": reasons_of(owed, waiver=waiver.reason if waiver else "") if owed else [],
        "records": held_for(request.user, owed) if owed else [],
        "lectures": lectures_of(request.user, reading, node, wanted, when)
        if owed and wanted in NAMED and rights_of(request.user).holds_on(Right.HOLD_MEETINGS, node.path)
        else [],
        "plan_url": plan_url(request.user, node, owed, today) if owed else "",
        "waive_url": reverse("members:obligations:waiver-create", args=[node.pk, wanted, when.code])
        if is_above and not refusal_of(owed, today)
        else "",
        "waiver": waiver,
        "may_revoke": is_above,
        "report": _report(reading, owed) if owed and wanted is DutyKind.DEMOCRATIC_LIFE_MEETING else None,
        "pulse_url": f"{reverse('members:obligations:pulse')}?"
        + urlencode({"node": node.pk, "month": f"{when.first:%Y-%m}", "exact": 1}),
    }
    return render(request, "members/obligations/duty.html", context)


def _report(reading: Reading, owed: Obligation) -> dict[str, Any] | None:
    """Return until when the report on a democratic-life meeting is due and how many came: one statement."""
    if not owed.satisfied_by:
        return None
    record, share = owed.satisfied_by[-1], reading.ruleset["life.democratic_attendance"].share
    came = turnout_of(record.ref)
    return {
        "due_on": record.on + timedelta(days=reading.ruleset.amount("life.democratic_report_within")),
        "turnout": came,
        "is_low": bool(came.due) and came.came < came.due * share,
        "share": f"{share.numerator}/{share.denominator}",
    }


@require_POST
def lecture_mark(request: HttpRequest, pk: int, kind: str, period: str) -> HttpResponse:
    """Let a lecture count, or no longer count, as what the kind says."""
    node = fetch(request.user, "hold_meetings", Organization, pk=pk)
    wanted, when = duty_in(kind, period)
    number = request.POST.get("part", "")
    if wanted not in NAMED or not (number.isascii() and number.isdecimal()):
        raise RuleError(_("Choose the lecture."))
    rows = MeetingPart.objects.select_related("meeting")
    part = fetch(request.user, "lead", MeetingPart, queryset=rows, pk=number, meeting__organization=node.pk)
    if request.POST.get("counts") == "1":
        services.mark_lecture(part, wanted, by=request.user)
    else:
        services.unmark_lecture(part, wanted, by=request.user)
    return redirect("members:obligations:duty", pk=node.pk, kind=wanted, period=when.code)


@require_GET
def absence_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who of a branch has been away for months: to those who hold an office on it, to nobody above."""
    node = fetch(request.user, "hold_meetings", Organization, pk=pk)
    rights = rights_of(request.user)
    if not node.is_branch or not _keeps_here(rights, node):
        raise PermissionDenied(_("Only the officers of the branch see who has been away."))
    today = timezone.localdate()
    rules = reading_of(node, today.year, on=today).ruleset
    months = rules.amount("life.absent_first"), rules.amount("life.absent_second")
    found = absences(Place((node.path,), exact=True), on=today, months=months)
    context = {
        "node": node,
        "page": numbered_page(request, found),
        "months": months[0],
        "year_url": year_url(node),
    }
    return render(request, "members/obligations/absence_list.html", context)


def _keeps_here(rights: Rights, node: Organization) -> bool:
    """Say whether somebody convenes meetings by a post on the branch itself."""
    keeping = (paths for post, paths in rights.posts.items() if Right.HOLD_MEETINGS in POST_DUTIES[Post(post)])
    return any(node.path in paths for paths in keeping)
