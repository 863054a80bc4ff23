"""Lists of reports: to answer, all in one's scope, and the grid by quarter."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from portal.access.prepared import PreparedRows
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.pagination import KeysetPaginator, numbered_page, per_page_of

from .. import services
from ..forms import ReportFilterForm
from ..queries.grid import branches, grid, grid_nodes, quarters_of, writers_in
from ..queries.reports import readable, to_answer
from ..rules import FIRST_YEAR, LAST_YEAR, Quarter


@require_GET
def thought_report_to_answer(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader's answer, the most urgent first."""
    today = timezone.localdate()
    waiting = to_answer(request.user, today).order_by("review__due_on", "pk")
    context = {"page": numbered_page(request, waiting), "today": today}
    return render(request, "members/development/thought_report_to_answer.html", context)


@require_GET
def thought_report_list(request: HttpRequest) -> HttpResponse:
    """Show every report one may read, filtered by the address."""
    form = ReportFilterForm(request.GET, by=request.user)
    chosen = form.chosen
    reports = filtered(readable(request.user), chosen) if chosen else PreparedRows(request.user, readable)
    page = KeysetPaginator(reports, ("-year", "-quarter", "-pk"), per_page_of(request.GET)).page(request.GET)
    context = {
        "page": page,
        "filter_form": form,
        "chosen": chosen,
        "today": timezone.localdate(),
        "address": reverse("members:development:thought-report-list"),
    }
    return render(request, "members/development/thought_report_list.html", context)


def filtered(reports: Any, chosen: dict[str, Any]) -> Any:
    """Narrow a list of reports by what the filter form holds."""
    if organization := chosen.get("organization"):
        reports = reports.filter(author__organization__path__startswith=organization.path)
    for name in ("year", "quarter"):
        if value := chosen.get(name):
            reports = reports.filter(**{name: value})
    if state := chosen.get("state"):
        reports = reports.filter(review__state=state)
    if words := chosen.get("words"):
        reports = reports.filter(
            Q(author__user__name__icontains=words) | Q(author__user__number__startswith=words) | Q(code=words.upper())
        )
    return reports


@require_GET
def thought_report_grid(request: HttpRequest) -> HttpResponse:
    """Show person × quarter for a branch, branch by branch for a committee."""
    node = _node(request)
    today = timezone.localdate()
    now = Quarter.of(today)
    year = _year(request, now.year)
    context: dict[str, Any] = {"node": node, "year": year, "years": [year - 1, year, year + 1], "now": now}
    if node.is_branch:
        page = numbered_page(request, writers_in(node), 50)
        context |= {"page": page, "rows": grid(list(page), year, on=today), "quarters": quarters_of(year)}
        parent = Organization.objects.get_parent(node)
        may_go_up = parent and rights_of(request.user).holds_on(Duty.ANSWER_REPORTS, parent.path)
        context["parent"] = parent if may_go_up else None
    else:
        number = request.GET.get("quarter", "")
        quarter = Quarter(year, int(number) if number in ("1", "2", "3", "4") else now.number)
        context |= {"branches": branches(node, quarter), "quarter": quarter, "quarters": quarters_of(year)}
    context["remind_quarters"] = [quarter for quarter in (now.previous, now) if quarter.year == year]
    return render(request, "members/development/thought_report_grid.html", context)


@require_POST
def thought_report_remind(request: HttpRequest) -> HttpResponse:
    """Remind everyone under a node whose report for a quarter is missing."""
    node = _node(request, request.POST)
    today = timezone.localdate()
    sent = request.POST.get("quarter", "").partition("-")
    now = Quarter.of(today)
    wanted = next((q for q in (now, now.previous) if (str(q.year), str(q.number)) == (sent[0], sent[2])), None)
    if wanted is None:
        raise Http404
    told = services.remind_missing(node, wanted, by=request.user, on=today)
    words = ngettext("%(count)d person has been reminded.", "%(count)d people have been reminded.", told)
    messages.success(request, words % {"count": told})
    return redirect(f"{reverse('members:development:thought-report-grid')}?organization={node.pk}&year={wanted.year}")


def _node(request: HttpRequest, parameters: Any = None) -> Organization:
    """Return the organization that the address names, or the first on which the reader answers reports."""
    nodes = grid_nodes(request.user)
    wanted = (parameters or request.GET).get("organization", "")
    if wanted:
        found = nodes.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 19 else None
        if found is None:
            raise Http404
        return found
    found = nodes.order_by("path").first()
    if found is None:
        raise PermissionDenied
    return found


def _year(request: HttpRequest, default: int) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR else default
