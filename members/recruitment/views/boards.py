"""Boards: the funnel of a node, the table of its cases, the calendar, the plan of a year."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.rights import AnyUser, rights_of
from portal.imports.exports import workbook_response
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.pagination import KeysetPaginator, per_page_of
from portal.web.views import ServiceFormMixin

from .. import exports, services
from ..engine.steps import STEPS, Stage
from ..forms.boards import CaseFilterForm, NodeForm, QuotaForm
from ..models import Case, Quota
from ..queries import agenda as calendars
from ..queries import boards, plans
from ..queries.listing import filtered, ordered, waiting_for
from .takeovers import takeover_url


def node_of(user: AnyUser, parameters: Mapping[str, str]) -> Organization:
    """Return the node that the address names, or the highest whose recruitment the reader keeps or decides on.

    Raises ``Http404`` for one that is not the reader's, ``PermissionDenied`` for whoever holds no such duty.
    """
    nodes = boards.nodes_of(user)
    wanted = parameters.get("node", "")
    if wanted:
        usable = wanted.isascii() and wanted.isdecimal() and len(wanted) < 19
        found = nodes.filter(pk=int(wanted)).first() if usable else None
        if found is None:
            raise Http404
        return found
    found = nodes.order_by("path").first()
    if found is None:
        raise PermissionDenied(_("This is for those who keep recruitment, or decide on it for a committee."))
    return found


def address(page: str, node: Organization, **query: Any) -> str:
    """Return the address of a board's page about ``node``."""
    return f"{reverse(f'members:recruitment:{page}')}?{urlencode({'node': node.pk, **query})}"


def tabs_of(node: Organization, current: str) -> list[dict[str, Any]]:
    pages = {
        "board": _("Board"), "case-list": _("Cases"), "calendar": _("Calendar"), "quota-list": _("Plan"),
        "filing-list": _("Filing lists"),
    }  # fmt: skip
    tabs = [{"label": label, "url": address(page, node), "current": page == current} for page, label in pages.items()]
    others = {_("What will come"): "coming-list", _("Record for many"): "batch-list"}
    return [
        *tabs,
        *(
            {"label": label, "url": reverse(f"members:recruitment:{page}"), "current": False}
            for label, page in others.items()
        ),
    ]


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show where the cases of a node stand, what is late, and what the next months bring."""
    today = timezone.localdate()
    node = node_of(request.user, request.GET)
    around = boards.around(request.user, node)
    shown = boards.board_of(request.user, node, around, on=today)
    admission = next(row.tally.cases for row in shown.stages if row.code == Stage.ADMISSION.value)
    plan = plans.plan_of(request.user, node, today.year, coming=admission)
    cases_url = address("case-list", node)
    context = {
        "node": node,
        "node_form": NodeForm(node=node, around=around),
        "tabs": tabs_of(node, "board"),
        "takeover_url": takeover_url(request.user),
        "stats": _stats(shown.total, cases_url),
        "board": shown,
        "cases_url": cases_url,
        "parts": [
            {
                "part": part,
                "url": address("board", part.node),
                "cases_url": address("case-list", part.node),
                "stages": [(row.code, row.label, part.stages.get(row.code, 0)) for row in shown.stages],
            }
            for part in shown.parts
        ],
        "stage_labels": [row.label for row in shown.stages],
        "plan": plan,
        "plan_stats": _plan_stats(plan, node, today.year),
        "year": today.year,
        "ready": boards.coming_ready(request.user, node, on=today),
        "ending": boards.coming_ends(request.user, node, on=today),
    }
    return render(request, "members/recruitment/board.html", context)


def _stats(total: boards.Tally, url: str) -> list[dict[str, Any]]:
    """Return the numbers on top, each with the address of the cases behind it."""
    return [
        {"label": _("cases under way"), "value": total.cases, "url": url},
        {"label": _("overdue"), "value": total.overdue, "url": f"{url}&overdue=on"},
        {"label": _("lack something"), "value": total.missing, "url": f"{url}&missing=on"},
        {"label": _("wait for the committee"), "value": total.for_superior, "url": f"{url}&waits=superior"},
        {"label": _("may be proposed"), "value": total.eligible, "url": f"{url}&soon=eligible"},
    ]


def _plan_stats(plan: plans.PlanRow, node: Organization, year: int) -> list[dict[str, Any]]:
    return [
        {
            "label": _("planned for %(year)s") % {"year": year},
            "value": "–" if plan.planned is None else plan.planned,
            "url": address("quota-list", node, year=year),
        },
        {"label": _("admitted"), "value": plan.admitted, "url": ""},
        {
            "label": _("in the stage of admission"),
            "value": plan.coming,
            "url": f"{address('case-list', node)}&stage={Stage.ADMISSION.value}",
        },
    ]


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases of a node, filtered by the address."""
    today = timezone.localdate()
    node = node_of(request.user, request.GET)
    form = CaseFilterForm(request.GET, node=node, around=boards.around(request.user, node))
    rows = ordered(_cases(request, node, form, today)).with_people()
    page = KeysetPaginator(rows, form.order, per_page_of(request.GET)).page(request.GET)
    rights = rights_of(request.user)
    context = {
        "node": node,
        "tabs": tabs_of(node, "case-list"),
        "page": page,
        "rows": [_row(case) for case in page],
        "filter_form": form,
        "chosen": form.narrowing,
        "clear_url": address("case-list", node) if form.narrowing else "",
        "may_export": rights.holds_on(Duty.EXPORT_LISTS, node.path),
        # A case is opened on the page of the person who applied.
        "people_url": f"{reverse('members:member-list')}?{urlencode({'organization': node.pk})}"
        if rights.holds_on(Duty.RECRUIT, node.path)
        else "",
        "query": request.GET.urlencode(),
    }
    return render(request, "members/recruitment/case_list.html", context)


def _cases(request: HttpRequest, node: Organization, form: CaseFilterForm, today: date) -> Any:
    here = boards.kept_by(request.user).filter(organization__path__startswith=node.path)
    return filtered(here, on=today, **form.narrowing)


def _row(case: Case) -> dict[str, Any]:
    step = STEPS.get(case.current_step)
    return {"case": case, "step": step, "waits": ", ".join(waiting_for(case))}


@require_POST
def case_export(request: HttpRequest) -> HttpResponseBase:
    """Send the filtered table as a workbook; the taking along is recorded."""
    today = timezone.localdate()
    node = node_of(request.user, request.GET)
    if not rights_of(request.user).holds_on(Duty.EXPORT_LISTS, node.path):
        raise PermissionDenied
    form = CaseFilterForm(request.GET, node=node)
    rows = ordered(_cases(request, node, form, today)).order_by(*form.order)
    taken = exports.cases_workbook(rows, node, by=request.user, filters=form.narrowing, on=today)
    return workbook_response(taken, node, _("Recruitment"), on=today)


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Show what falls into a month, day by day."""
    today = timezone.localdate()
    node, first = node_of(request.user, request.GET), _month_in(request.GET, today)
    found = calendars.agenda_of(request.user, node, first)
    earlier, later = _beside(first)
    context = {
        "node": node,
        "node_form": NodeForm(node=node, around=boards.around(request.user, node), month=_as_text(first)),
        "tabs": tabs_of(node, "calendar"),
        "month": first,
        "month_text": _as_text(first),
        "earlier": _as_text(earlier) if earlier else "",
        "later": _as_text(later) if later else "",
        "agenda": found,
        "limit": calendars.LIMIT,
        "cases_url": address("case-list", node),
        "today": today,
    }
    return render(request, "members/recruitment/calendar.html", context)


def _as_text(month: date) -> str:
    return f"{month:%Y-%m}"


def _month_in(parameters: Mapping[str, str], on: date) -> date:
    """Return the first of the month that the address names; of this month for anything that is none."""
    try:
        found = date.fromisoformat(f"{parameters.get('month', '')}-01")
    except ValueError:
        return on.replace(day=1)
    return found if plans.FIRST_YEAR <= found.year <= plans.LAST_YEAR else on.replace(day=1)


def _beside(first: date) -> tuple[date | None, date | None]:
    """Return the months before and after, ``None`` beyond the years that are kept."""
    back = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    ahead = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    return (back if back.year >= plans.FIRST_YEAR else None, ahead if ahead.year <= plans.LAST_YEAR else None)


def _year_in(parameters: Mapping[str, str], on: date) -> int:
    text = parameters.get("year", "")
    fits = text.isascii() and text.isdecimal() and len(text) == 4
    return int(text) if fits and plans.FIRST_YEAR <= int(text) <= plans.LAST_YEAR else on.year


@require_GET
def quota_list(request: HttpRequest) -> HttpResponse:
    """Show the plan of a year for a node and those directly below it, against what was admitted."""
    today = timezone.localdate()
    node, year = node_of(request.user, request.GET), _year_in(request.GET, today)
    around = boards.around(request.user, node)
    below = [found for found in around if found.path.startswith(node.path) and found != node]
    top, *rows = plans.plans_of(request.user, [node, *below], year)
    rights = rights_of(request.user)

    def line(row: plans.PlanRow) -> dict[str, Any]:
        may_set = rights.holds_on(Duty.APPROVE_MEMBERS, row.node.path)
        return {
            "plan": row,
            "url": address("quota-list", row.node, year=year),
            "coming_url": f"{address('case-list', row.node)}&stage={Stage.ADMISSION.value}",
            "is_top": row is top,
            "set_url": reverse("members:recruitment:quota-set", args=[row.node.pk, year]) if may_set else "",
        }

    context = {
        "node": node,
        "node_form": NodeForm(node=node, around=around, year=str(year)),
        "tabs": tabs_of(node, "quota-list"),
        "year": year,
        "earlier": year - 1 if year > plans.FIRST_YEAR else None,
        "later": year + 1 if year < plans.LAST_YEAR else None,
        "top": line(top),
        "rows": [line(row) for row in [*(row for row in rows if row.is_told or row.node.stood_on(today)), top]],
    }
    return render(request, "members/recruitment/quota_list.html", context)


class QuotaSetView(ServiceFormMixin, FormView):
    """Let the committee plan a node's admissions of a year."""

    form_class, template_name = QuotaForm, "members/recruitment/quota_set.html"
    success_message = gettext_lazy("The plan is now %(planned)s.")
    node: Organization
    year: int
    quota: Quota | None

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, year: int) -> HttpResponseBase:  # type: ignore[override]
        self.node, self.year = node_of(request.user, {"node": str(pk)}), year
        if not plans.FIRST_YEAR <= year <= plans.LAST_YEAR:
            raise Http404
        if not rights_of(request.user).holds_on(Duty.APPROVE_MEMBERS, self.node.path):
            raise PermissionDenied(_("The committee that approves members plans the year."))
        self.quota = plans.quota_of(request.user, self.node, year)
        return super().dispatch(request, *args, pk=pk, year=year)

    def get_initial(self) -> dict[str, Any]:
        return {"planned": self.quota.planned} if self.quota else {}

    def perform(self, *, planned: int) -> Quota:  # type: ignore[override]
        return services.set_quota(self.node, self.year, planned, by=self.request.user)

    def get_success_url(self) -> str:
        return address("quota-list", self.node, year=self.year)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = plans.plans_of(self.request.user, [self.node], self.year)[0]
        return super().get_context_data(
            node=self.node, year=self.year, plan=row, back_url=self.get_success_url(), **kwargs
        )
