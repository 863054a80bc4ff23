"""The clerk's month, the committee's overview, the yearly statement, and what is taken along."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from portal.imports.exports import workbook_response
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page
from portal.web.views import add_refusal

from .. import exports, services
from ..forms import LedgerForm, MonthFilterForm
from ..months import as_text, month_of, quarter_end, shifted
from ..queries.facts import rules_on
from ..queries.statements import statement_of
from ..queries.tables import Totals, branches_of, ledger_of, month_of_node, shown, totals_of
from ..rules import COLLECTING
from .addressing import month_in, node_of, year_in

PER_PAGE = 100


def address(page: str, node: Organization, **query: Any) -> str:
    return f"{reverse(f'members:dues:{page}')}?{urlencode({'organization': node.pk, **query})}"


def stats_of(totals: Totals, url: str) -> list[dict[str, Any]]:
    """Return the numbers above a table, each with the address of the people behind it."""
    return [
        {"label": _("owe dues"), "value": totals.people, "url": url, "note": _yuan(totals.owed_amount)},
        {"label": _("have paid"), "value": totals.paid, "url": f"{url}&show=paid", "note": _yuan(totals.paid_amount)},
        {"label": _("have not paid"), "value": totals.unpaid, "url": f"{url}&show=unpaid", "note": ""},
        {"label": _("three months unpaid or more"), "value": totals.warned, "url": f"{url}&show=warned", "note": ""},
        {
            "label": _("six months unpaid (DJ art. 31)"),
            "value": totals.reached,
            "url": f"{url}&show=reached",
            "note": "",
        },
    ]


def _yuan(amount: Decimal) -> str:
    return _("%(amount)s yuan") % {"amount": amount}


def _beside(node: Organization, wanted: date) -> dict[str, str]:
    """Return the addresses that stand beside a month."""
    return {
        "all_url": address("collect", node, month=as_text(wanted), all=1),
        "receipts_url": address("receipt-list", node, month=as_text(wanted)),
        "statement_url": address("statement", node, year=wanted.year),
        "reductions_url": reverse("members:dues:reduction-list"),
        "ledger_url": address("ledger-open", node),
        "overview_url": reverse("members:dues:month"),
    }


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """Show everyone who owes a month: of a branch to collect from, of a committee to look at."""
    today = timezone.localdate()
    node, wanted = node_of(request.user, request.GET), month_in(request.GET, today)
    if "organization" not in request.GET and node.org_type not in COLLECTING:
        return redirect(address("overview", node))
    ledger = ledger_of(node)
    form = MonthFilterForm(request.GET)
    form.is_valid()
    rows = month_of_node(node, wanted, on=today)
    words = form.cleaned_data.get("words", "").casefold()
    found = [
        row
        for row in shown(rows, form.cleaned_data.get("show", ""))
        if words in row.name.casefold() or row.number.startswith(words)
    ]
    context = {
        "node": node,
        "month": wanted,
        "month_text": as_text(wanted),
        "ledger": ledger,
        "is_branch": node.org_type in COLLECTING,
        "page": numbered_page(request, found, PER_PAGE),
        "filter_form": form,
        "filtered": bool(words or form.cleaned_data.get("show")),
        "clear_url": address("month", node, month=as_text(wanted)),
        "earlier": as_text(shifted(wanted, -1)),
        "later": as_text(shifted(wanted, 1)) if wanted < quarter_end(today) else "",
        "to_collect": sum(row.is_collectable for row in rows),
        "stats": stats_of(totals_of(rows), address("month", node, month=as_text(wanted))),
        **_beside(node, wanted),
    }
    if not context["is_branch"] or not context["to_collect"]:
        context["all_url"] = ""
    return render(request, "members/dues/month.html", context)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show the branches of a committee with their totals in a month and who is at risk."""
    today = timezone.localdate()
    node, wanted = node_of(request.user, request.GET), month_in(request.GET, today)
    branches = branches_of(node, wanted, on=today)
    totals = totals_of([])
    for branch in branches:
        totals.join(branch.totals)
    page = numbered_page(request, branches, PER_PAGE)
    context = {
        "node": node,
        "month": wanted,
        "month_text": as_text(wanted),
        "rows": [
            {"branch": branch, "url": address("month", branch.organization, month=as_text(wanted))} for branch in page
        ],
        "page": page,
        "stats": stats_of(totals, address("month", node, month=as_text(wanted))),
        "without": sum(branch.since is None for branch in branches),
        "earlier": as_text(shifted(wanted, -1)),
        "later": as_text(shifted(wanted, 1)) if wanted < month_of(today) else "",
        **_beside(node, wanted),
    }
    return render(request, "members/dues/overview.html", context)


@require_GET
def statement(request: HttpRequest) -> HttpResponse:
    """Show what a branch, or a committee's branches, took in during a year: to be published and printed."""
    today = timezone.localdate()
    node, year = node_of(request.user, request.GET), year_in(request.GET, today)
    found = statement_of(node, year)
    context = {
        "node": node,
        "year": year,
        "statement": found,
        "page": numbered_page(request, found.payers, PER_PAGE),
        "today": today,
        "is_current": year >= today.year,
        "earlier": year - 1,
        "later": year + 1,
        "month_url": address("month", node),
    }
    return render(request, "members/dues/statement.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """Send a month as a workbook; the taking along is recorded."""
    today = timezone.localdate()
    node, wanted = node_of(request.user, request.POST), month_in(request.POST, today)
    taken = exports.month_workbook(node, wanted, by=request.user, on=today)
    return workbook_response(taken, node, _("Party dues"), as_text(wanted), on=today)


def ledger_open(request: HttpRequest) -> HttpResponse:
    """Let the branches on or under a node begin to keep their dues."""
    today = timezone.localdate()
    node = node_of(request.user, request.GET)
    form = LedgerForm(request.POST or None, on=today, back=rules_on(today).make_up_months)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_ledgers(node, month=form.cleaned_data["month"], by=request.user, on=today)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            words = ngettext(
                "%(count)d branch keeps its dues from now on.", "%(count)d branches keep their dues from now on.",
                len(made),
            )  # fmt: skip
            messages.success(request, words % {"count": len(made)})
            return redirect(address("month" if node.org_type in COLLECTING else "overview", node))
    return render(request, "members/dues/ledger_open.html", {"node": node, "form": form})
