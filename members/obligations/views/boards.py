"""The due board, what is taken along of it, and the pulse by which open pages learn of changes."""

from datetime import date
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch
from portal.access.rights import rights_of
from portal.imports.exports import workbook_response
from portal.organizations.duties import Duty as Right
from portal.organizations.models import Organization
from portal.rulesets.days import add_months
from portal.web.pagination import numbered_page

from .. import exports
from ..addresses import board_url, year_url
from ..engine.evaluate import Status
from ..engine.periods import Period, Span
from ..forms import BoardFilterForm
from ..kinds import OWING_TYPES, DutyKind
from ..queries.absences import turnouts
from ..queries.board import Board, board_of, version_of
from ..queries.places import Place
from ..wording import STATUS_ICONS, STATUS_LABELS, period_words
from .addressing import month_in, node_of
from .lights import light_of

PER_PAGE = 50


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show what the nodes on and below one owe in the month, its quarter and its year, filtered by the address."""
    today = timezone.localdate()
    node, month = node_of(request.user, request.GET), month_in(request.GET, today)
    form = BoardFilterForm({**request.GET.dict(), "node": node.pk, "month": month.code})
    chosen = form.chosen
    found = board_of(node, month, on=today, words=chosen.get("words", ""))
    rows = found.filtered(kind=chosen.get("kind", ""), status=chosen.get("status", ""))
    page = numbered_page(request, rows, PER_PAGE)
    kinds = [kind for kind in found.kinds if chosen.get("kind") in (None, kind)]
    context = {
        "node": node,
        "month": month,
        "month_words": period_words(month),
        "columns": [{"kind": kind, "label": kind.label} for kind in kinds],
        "rows": _rows(page, kinds, found, month),
        "page": page,
        "filter_form": form,
        "filtered": bool(chosen),
        "stats": _stats(found, node, month, chosen),
        "summary": _summary(found, node, month, chosen),
        "statuses": [STATUS_LABELS[status] for status in Status],
        "may_export": rights_of(request.user).holds_on(Right.EXPORT_LISTS, node.path),
        "chosen": chosen,
        **_doors(node, month, chosen, today),
    }
    return render(request, "members/obligations/board.html", context)


def _rows(page: Page, kinds: list[DutyKind], found: Board, month: Period) -> list[dict[str, Any]]:
    """Return the lines of one page, with how many came to the meetings of each node; one statement."""
    came = turnouts([row.node.pk for row in page], month.first.replace(month=1), month.last)
    share = found.reading.ruleset.amount("life.attendance_share")
    return [
        {
            "node": row.node,
            "url": year_url(row.node, month.first.year),
            "lights": [
                (kind.label, light_of(row.node, row.owed[kind]) if kind in row.owed else None) for kind in kinds
            ],
            "turnout": came.get(row.node.pk),
            "is_low": row.node.pk in came and came[row.node.pk].percent < share,
        }
        for row in page
    ]


def _doors(node: Organization, month: Period, chosen: dict[str, Any], today: date) -> dict[str, str]:
    """Return where the board leads, and where it learns of changes."""
    this_month = Period.of(Span.MONTH, today)
    return {
        "earlier": board_url(node, Period.of(Span.MONTH, add_months(month.first, -1)), **chosen),
        "this_month": "" if month == this_month else board_url(node, this_month, **chosen),
        "later": board_url(node, month.following, **chosen),
        "clear_url": board_url(node, month) if chosen else "",
        "own_url": year_url(node, month.first.year) if node.org_type in OWING_TYPES else "",
        "pulse_url": f"{reverse('members:obligations:pulse')}?{urlencode({'node': node.pk, 'month': month.code})}",
    }


def _stats(found: Board, node: Organization, month: Period, chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how many duties stand in each way, each number with the nodes behind it."""
    kept = {name: value for name, value in chosen.items() if name == "words"}
    return [
        {
            "label": STATUS_LABELS[status],
            "value": found.total(status),
            "icon": STATUS_ICONS[status],
            "url": board_url(node, month, status=status, **kept),
        }
        for status in Status
        if status is not Status.LATER or found.total(status)
    ]


def _summary(found: Board, node: Organization, month: Period, chosen: dict[str, Any]) -> list[dict[str, Any]]:
    kept = {name: value for name, value in chosen.items() if name == "words"}
    return [
        {
            "label": kind.label,
            "cells": [
                {
                    "label": STATUS_LABELS[status],
                    "count": found.counts[kind, status],
                    "url": board_url(node, month, kind=kind, status=status, **kept),
                }
                for status in Status
            ],
        }
        for kind in found.kinds
    ]


@require_POST
def board_export(request: HttpRequest) -> HttpResponseBase:
    """Send the board, filtered as it was shown, as a workbook; the taking along is recorded."""
    today = timezone.localdate()
    node = node_of(request.user, request.POST)
    node = fetch(request.user, "export", Organization, pk=node.pk)
    month, chosen = month_in(request.POST, today), BoardFilterForm(request.POST.dict()).chosen
    taken = exports.board_workbook(
        node,
        month,
        words=chosen.get("words", ""),
        kind=DutyKind(chosen["kind"]) if "kind" in chosen else None,
        status=Status(chosen["status"]) if "status" in chosen else None,
        by=request.user,
        on=today,
    )
    return workbook_response(taken, node, _("What is due"), month.code, on=today)


@require_GET
def pulse(request: HttpRequest) -> HttpResponse:
    """Tell an open page whether a light may have changed; it then reads itself again."""
    node, month = node_of(request.user, request.GET), month_in(request.GET, timezone.localdate())
    place = Place((node.path,), exact="exact" in request.GET)
    return JsonResponse({"version": version_of(place, month.first.year)})
