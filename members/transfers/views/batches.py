"""Batches: choose many, say where each goes, see what is missing for each, submit once, follow the progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from members.models import Member
from portal.access.policy import fetch, may
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.views import ServiceFormMixin, add_refusal

from .. import services
from ..forms import BatchForm, BatchIssueForm, GraduatesForm
from ..models import Batch, Transfer
from ..policies import sides_of
from ..queries.lists import graduates, progress, receiving_branches
from ..rules.states import Route, Side, State
from ..services.batches import BatchLine, facts_for, gaps_of
from ..services.requests import committee_above
from ..services.settling import with_article

PEOPLE_MAX = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the table: what was typed, and what is missing."""

    person: Member
    chosen: bool
    to: str
    unit: str
    forbidding: Sequence[str] = ()
    missing: Sequence[str] = ()
    checked: bool = False


def batch_create(request: HttpRequest) -> HttpResponse:
    """Choose graduates of one branch and start their transfers by one submit."""
    if not rights_of(request.user).holds(Duty.TRANSFER):
        raise PermissionDenied
    picker = GraduatesForm(request.GET or None, by=request.user)
    chosen = picker.chosen if request.GET else {}
    context: dict[str, Any] = {"picker": picker, "chosen": chosen, "lines": [], "form": None, "filtered": bool(chosen)}
    branch = chosen.get("organization")
    if branch is not None:
        people = graduates(branch, since=chosen.get("since"), until=chosen.get("until"))
        people = list(people.exclude(user_id=request.user.pk)[:PEOPLE_MAX])
        branches = list(receiving_branches().exclude(pk=branch.pk))
        form = BatchForm(request.POST or None, initial={"title": _title(branch)})
        context |= {"form": form, "branches": branches, "lines": [Line(person, False, "", "") for person in people]}
        if request.method == "POST" and form.is_valid():
            done = _submitted(request, context, form, branch, people, branches)
            if done is not None:
                return redirect(done)
        elif request.method == "POST":
            context["lines"] = _typed(request, people)
    return render(request, "members/transfers/batch_create.html", context)


def _title(branch: Organization) -> str:
    return _("Graduates %(year)d, %(branch)s") % {"year": timezone.localdate().year, "branch": branch}


def _typed(request: HttpRequest, people: Sequence[Member]) -> list[Line]:
    picked = set(request.POST.getlist("person"))
    return [
        Line(
            person,
            str(person.pk) in picked,
            request.POST.get(f"to-{person.pk}", "").replace("\x00", "").strip()[:120],
            request.POST.get(f"unit-{person.pk}", "").replace("\x00", "").strip()[:120],
        )
        for person in people
    ]


def _submitted(
    request: HttpRequest,
    context: dict[str, Any],
    form: BatchForm,
    branch: Organization,
    people: Sequence[Member],
    branches: Sequence[Organization],
) -> Batch | None:
    """Show what is missing for each, or start the batch when that was asked for."""
    data, today = form.cleaned_data, timezone.localdate()
    named = {name: node for node in branches for name in (node.code, node.short_name, node.name) if name}
    typed = _typed(request, people)
    lines = {
        line.person.pk: _destined(line, named, to=data["to"].strip(), unit=data["unit"].strip())
        for line in typed
        if line.chosen
    }
    known = {"dues_paid_to": data["dues_paid_to"], "file_checked": data["file_checked"]}
    if request.POST.get("action") == "start":
        try:
            return services.start_batch(
                branch, list(lines.values()), title=data["title"], by=request.user, on=today, **known
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
    elif not lines:
        form.add_error(None, _("Choose at least one person."))
    facts = facts_for(list(lines.values()), on=today, **known)
    context["lines"] = [_examined(line, lines.get(line.person.pk), facts, today) for line in typed]
    context["examined"] = bool(lines)
    return None


def _destined(line: Line, named: dict[str, Organization], *, to: str, unit: str) -> BatchLine:
    where = line.to or to
    node = named.get(where)
    if node is not None:
        return BatchLine(line.person, destination=node)
    return BatchLine(line.person, committee=where, unit=line.unit or unit)


def _examined(line: Line, destined: BatchLine | None, facts: Any, today: Any) -> Line:
    if destined is None:
        return line
    forbidding, missing = gaps_of(destined, facts[line.person.pk], on=today)
    return Line(
        line.person,
        True,
        line.to,
        line.unit,
        [with_article(gap) for gap in forbidding],
        [with_article(gap) for gap in missing],
        checked=True,
    )


@require_GET
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far everyone in a batch has come."""
    batch = fetch(request.user, "view", Batch, queryset=Batch.objects.select_related("organization", "made_by"), pk=pk)
    today = timezone.localdate()
    transfers = list(batch.transfers.with_sides().order_by("closed_on", "pk"))
    context = {
        "batch": batch,
        "progress": progress(transfers),
        "rows": [
            {"transfer": row, "clock": row.clock(today), "answering": row.answering(today)} for row in transfers
        ],
        "list_url": f"{reverse('members:transfers:transfer-list')}?batch={batch.pk}",
        "issue_url": reverse("members:transfers:batch-issue", args=[pk])
        if may(request.user, "issue", batch) and any(_waits(request.user, row) for row in transfers)
        else "",
    }
    return render(request, "members/transfers/batch_detail.html", context)


def _waits(user: Any, row: Transfer) -> bool:
    ready = row.state == State.BRANCH_CHECKED and row.route != Route.WITHIN
    return ready and Side.SENDER_COMMITTEE in sides_of(user, row)


class BatchIssueView(ServiceFormMixin, FormView):
    """Issue all letters of a batch that wait, with one set of days and of contact."""

    form_class, template_name = BatchIssueForm, "members/transfers/batch_issue.html"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        rows = Batch.objects.select_related("organization")
        self.batch = fetch(request.user, "issue", Batch, queryset=rows, pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "committee": committee_above(self.batch.organization),
            "by": self.request.user,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.batch.transfers.with_sides().filter(state=State.BRANCH_CHECKED)
        waiting = [row for row in rows if _waits(self.request.user, row)]
        return super().get_context_data(**kwargs) | {"batch": self.batch, "waiting": waiting}

    def perform(self, **data: Any) -> list[Transfer]:
        issued = services.issue_batch(self.batch, by=self.request.user, on=timezone.localdate(), **data)
        words = ngettext("%(count)d letter was issued.", "%(count)d letters were issued.", len(issued))
        messages.success(self.request, words % {"count": len(issued)})
        return issued

    def get_success_url(self) -> str:
        return self.batch.get_absolute_url()
