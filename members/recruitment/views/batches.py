"""One meeting, decision, list, notice or class that concerns many people: each is examined and recorded alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, may, scope
from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.drafts.services import discard, draft_of, keep_sent
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.rulesets.words import article_words
from portal.web.pagination import numbered_page
from portal.web.refusals import RuleError
from portal.web.views import add_refusal

from .. import services
from ..engine.details import Details
from ..engine.people import Role
from ..engine.steps import STAGE_LABELS, STEPS
from ..engine.vocabulary import KIND_LABELS
from ..forms.base import Asked, RecordForm
from ..forms.batches import BATCHES, PlaceForm, columns_of, common_form, row_form
from ..forms.kinds import FORMS
from ..models import Batch, BatchKind, Case
from ..queries.batching import PEOPLE_MAX, Waiting, at_steps, places_of, records_kind, waiting_for
from ..services import BatchOutcome
from ..services.recording import words_of
from .papers import batch_papers
from .recording import CONFLICT, UNPROCESSABLE

_KEPT = "recruitment-batch-{}"
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "action"})
# Whoever has this behind them is no part of the list.
_BEHIND = frozenset({"already", "past"})


@dataclass
class Line:
    """One person of the table: what was typed, and what was found."""

    case: Case
    form: RecordForm
    chosen: bool = False
    warnings: Sequence[str] = ()
    reasons: Sequence[str] = ()
    checked: bool = False

    @property
    def cells(self) -> list[dict[str, Any]]:
        """Return the fields, each with a label that names the person."""
        return [{"field": one, "label": f"{one.label}: {self.case.person.name}"} for one in self.form]


@dataclass(frozen=True, slots=True)
class Shut:
    """Somebody for whom this cannot be recorded now."""

    case: Case
    reasons: Sequence[str]
    earliest: date | None


@dataclass
class Table:
    """Everybody at the stage of a step: those who may be chosen, and the others with the reason."""

    lines: list[Line] = field(default_factory=list)
    shut: list[Shut] = field(default_factory=list)
    total: int = 0
    gone: bool = False  # somebody who was chosen can be chosen no more

    @property
    def chosen(self) -> list[Line]:
        return [line for line in self.lines if line.chosen]


@require_GET
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show what can be recorded for many at once, and the batches so far."""
    if not any(rights_of(request.user).holds(duty) for duty in (Duty.RECRUIT, Duty.APPROVE_MEMBERS, Duty.KEEP_COURSES)):
        raise PermissionDenied
    counts = at_steps(request.user)
    kinds = [
        {
            "step": STEPS[step],
            "stage": STAGE_LABELS[STEPS[step].stage],
            "kind": str(KIND_LABELS[kind]).capitalize(),
            "occasion": occasion.label,
            "count": counts.get(step, 0),
            "url": reverse("members:recruitment:batch-create", args=[step, kind]),
        }
        for (step, kind), occasion in BATCHES.items()
        if records_kind(request.user, kind)
    ]
    rows = scope(request.user, "view", Batch).select_related("organization", "made_by")
    page = numbered_page(request, rows)
    for batch in page:
        batch.step_label = STEPS[batch.step].label
    return render(request, "members/recruitment/batch_list.html", {"kinds": kinds, "page": page})


def batch_create(request: HttpRequest, step: str, kind: str) -> HttpResponse:
    """Choose the people, enter what is common and what differs, look at what would be refused, and record."""
    if (step, kind) not in BATCHES:
        raise Http404
    if not records_kind(request.user, kind):
        raise PermissionDenied
    places = list(places_of(request.user, kind)[:2])
    chooser = PlaceForm(request.GET or None, places=places_of(request.user, kind))
    node = chooser.chosen.get("organization") if request.GET else None
    if node is None and len(places) == 1 and "organization" not in request.GET:
        node = places[0]
    context = {
        "step": STEPS[step],
        "title": str(KIND_LABELS[kind]).capitalize(),
        "occasion": BATCHES[step, kind].label,
        "lead": FORMS[kind].lead,
        "chooser": chooser if len(places) > 1 else None,
        "node": node,
        "most": PEOPLE_MAX,
    }
    if node is None:
        status = 200 if request.method != "POST" else UNPROCESSABLE
        return render(request, "members/recruitment/batch_create.html", context, status=status)
    waiting, total = waiting_for(request.user, step, kind, node, timezone.localdate())
    data = request.POST if request.method == "POST" else None
    key = f"recruitment.batch.{step}.{kind}.{node.pk}"
    draft = draft_of(request.user, key)
    typed = draft.data if draft and data is None else {}
    asked = _asked(request.user, step, kind, node, next((row for row in waiting if row.leave.is_given), None))
    form = common_form(asked, data, initial=typed or None, by=request.user)
    table = _table(request.user, step, kind, waiting, total, data, typed)
    status = 200
    if data is not None:
        outcome, status = _answer(data, form, table, step, kind, node, by=request.user)
        if outcome is not None:
            discard(request.user, key)
            _keep_refused(request, outcome)
            words = ngettext("Recorded for %(count)d person.", "Recorded for %(count)d people.", len(outcome.records))
            messages.success(request, words % {"count": len(outcome.records)})
            return redirect("members:recruitment:batch-detail", outcome.batch.pk)
        draft = keep_sent(request.user, key, request.POST, request.POST.keys() - _NOT_TYPED) or draft
    article = next((row.leave.article for row in waiting), "")
    context |= {
        "form": form,
        "table": table,
        "columns": columns_of(table.lines[0].form) if table.lines else [],
        "article": article_words(article) if article else "",
        "checked": any(line.checked for line in table.lines),
        "fine": sum(1 for line in table.lines if line.checked and not line.reasons),
        "left": table.total - len(waiting),
        "draft_key": key,
        "draft_url": reverse("drafts:draft", args=[key]),
        "draft_version": draft.version if draft else 0,
        "draft_saved_at": draft.saved_at if draft else None,
    }
    return render(request, "members/recruitment/batch_create.html", context, status=status)


def _asked(user: User, step: str, kind: str, node: Organization, row: Waiting | None) -> Asked:
    return Asked(
        step=step,
        kind=kind,
        today=timezone.localdate(),
        by=user,
        branch=row.case.organization if row else node,
        roles=frozenset({Role.BRANCH}),
        candidate_id=row.case.person.user_id if row else 0,
        course=row.leave.course if row else None,
    )


def _table(
    user: User,
    step: str,
    kind: str,
    waiting: Sequence[Waiting],
    total: int,
    data: Mapping[str, Any] | None,
    typed: Mapping[str, Any],
) -> Table:
    """Return the rows; ``data`` is what was sent and will be judged, ``typed`` what a draft brings back."""
    kept = typed.get("case", ())
    picked = set(data.getlist("case") if data is not None else [kept] if isinstance(kept, str) else kept)  # type: ignore[attr-defined]
    table = Table(total=total)
    for row in waiting:
        case, leave = row.case, row.leave
        is_chosen = str(case.pk) in picked
        if not leave.is_given:
            if not is_chosen and all(reason.code in _BEHIND for reason in leave.reasons):
                continue
            table.gone |= is_chosen and data is not None
            table.shut.append(Shut(case, [words_of(reason) for reason in leave.reasons], leave.earliest))
            continue
        asked = _asked(user, step, kind, case.organization, row)
        prefix, is_judged = f"c{case.pk}", is_chosen and data is not None
        form = row_form(asked, prefix, data or typed, _usual(step, kind), is_chosen=is_judged)
        warnings = [words_of(reason) for reason in leave.warnings]
        table.lines.append(Line(case, form, chosen=is_chosen, warnings=warnings))
    return table


def _usual(step: str, kind: str) -> dict[str, Any]:
    """Return what is so for most people of a batch, where no rule tells it."""
    usual: dict[str, Any] = {"candidate_present": True} if kind == "ballot" else {}
    if kind in ("review", "consent", "pre_review", "ballot") or (kind == "approval" and step == "approve"):
        usual["outcome"] = "passed"
    return usual


def _answer(
    data: Mapping[str, Any], form: RecordForm, table: Table, step: str, kind: str, node: Organization, *, by: User
) -> tuple[BatchOutcome | None, int]:
    """Examine the chosen people, or record for them when that was asked; say what came of it."""
    chosen = table.chosen
    if table.gone:
        form.add_error(None, _("For somebody you chose this cannot be recorded any more; the reasons stand below."))
    elif not chosen:
        form.add_error(None, _("Choose at least one person."))
    elif form.is_valid() and not all(line.form.is_valid() for line in chosen):
        form.add_error(None, _("Please check the rows marked below."))
    if not form.is_valid():
        return None, UNPROCESSABLE
    details = {line.case.pk: _details(form, line) for line in chosen}
    cases, on = [line.case for line in chosen], form.cleaned_data["on"]
    try:
        if data.get("action") == "record":
            outcome = services.record_batch(
                cases, step, kind=BATCHES[step, kind], organization=node, on=on, details=details, by=by,
                documents=form.documents(),
            )  # fmt: skip
            return outcome, 200
        refused = services.refusals_of(cases, step, on=on, details=details, by=by)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None, CONFLICT if isinstance(refusal, RuleError) else UNPROCESSABLE
    for line in chosen:
        line.checked = True
        line.reasons = refused[line.case.pk].messages if line.case.pk in refused else ()
    return None, 200


def _details(form: RecordForm, line: Line) -> Details:
    return line.form.details_from({**form.cleaned_data, **line.form.cleaned_data})


def _keep_refused(request: HttpRequest, outcome: BatchOutcome) -> None:
    """Keep for the page of the result in whose case nothing was written, and why."""
    request.session[_KEPT.format(outcome.batch.pk)] = {
        str(key): refused.messages for key, refused in outcome.refused.items()
    }


@require_GET
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show for whom a batch was recorded; to whoever made it, also for whom it was refused."""
    batch = fetch(request.user, "view", Batch, queryset=Batch.objects.select_related("organization", "made_by"), pk=pk)
    if batch.kind == BatchKind.TAKEOVER:
        return redirect("members:recruitment:takeover-detail", pk=pk)
    # Nobody reads in a list what was decided of themselves.
    records = batch.records.exclude(case__person__user=request.user).select_related(
        "case__person__user", "case__organization", "correction"
    )
    kept = request.session.get(_KEPT.format(pk), {})
    refused = scope(request.user, "view", Case).filter(pk__in=kept).with_people() if kept else ()
    rows = list(records.order_by("case__organization__path", "case__person__user__number"))
    context = {
        "batch": batch,
        "step": STEPS[batch.step],
        "kind": str(KIND_LABELS[rows[0].kind]).capitalize() if rows else "",
        "rows": [{"record": row, "is_corrected": getattr(row, "correction", None) is not None} for row in rows],
        "refused": [{"case": case, "reasons": kept[str(case.pk)]} for case in refused],
        "again_url": _again(batch, rows[0].kind if rows else ""),
        "papers": batch_papers(batch, rows[0].kind) if rows else [],
        "is_keeping": may(request.user, "add", batch),
    }
    return render(request, "members/recruitment/batch_detail.html", context)


def _again(batch: Batch, kind: str) -> str:
    if (batch.step, kind) not in BATCHES:
        return ""
    url = reverse("members:recruitment:batch-create", args=[batch.step, kind])
    return f"{url}?organization={batch.organization_id}"
