"""One record: read it, put a right one in its place, take it back, file a paper that came later."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, may, scope
from portal.accounts.models import User
from portal.rulesets.words import article_words
from portal.web.refusals import RuleError
from portal.web.views import add_refusal, refused

from .. import services
from ..engine import arithmetic
from ..engine.details import KINDS, BallotFact, Details
from ..engine.papers import papers_left
from ..engine.people import Role
from ..engine.steps import STEPS, cite
from ..engine.vocabulary import KIND_LABELS, PAPER_LABELS, ROLE_LABELS
from ..forms.base import Asked, RecordForm
from ..forms.correcting import AnnulForm, PaperForm, correcting_form
from ..forms.kinds import FORMS
from ..models import Paper, StepRecord
from ..queries import roles_in
from ..queries.leave import leaves_of
from ..records import from_json
from ..services import Filed
from .recording import CONFLICT, UNPROCESSABLE, count_words


def _rows() -> Any:
    return StepRecord.objects.select_related(
        "case__person__user", "case__organization", "recorded_by", "correction", "corrects"
    )


def _correction_of(record: StepRecord) -> StepRecord | None:
    return getattr(record, "correction", None)


def _seen(user: Any, pk: int) -> StepRecord:
    """Return a record of a case that ``user`` keeps or decides; the candidate reads the own letters elsewhere."""
    record = fetch(user, "view", StepRecord, queryset=_rows(), pk=pk)
    if not may(user, "view", record.case):
        raise Http404
    return record


@require_GET
def record_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a record with its papers, its arithmetic and who made it, to those who keep or decide the case."""
    record = _seen(request.user, pk)
    details = from_json(record.kind, record.details) if not record.is_annulment else None
    papers = list(scope(request.user, "view", Paper).filter(record=record).select_related("file"))
    there = {paper.kind for paper in papers}
    missing = [code for code in papers_left(record.step, record.kind) if code not in there and details]
    is_open = _is_open(request.user, record)
    context = {
        **_named(record),
        "correction": _correction_of(record),
        "facts": _facts(record, details),
        "arithmetic": sums(details) if details else [],
        "papers": papers,
        "missing": [PAPER_LABELS[code] for code in missing],
        "trail": _trail(record),
        "correct_url": _address("record-correct", record) if is_open else "",
        "annul_url": _address("record-annul", record) if is_open and record.step != "apply" else "",
        "paper_url": _address("paper-create", record) if is_open and missing else "",
    }
    return render(request, "members/recruitment/record_detail.html", context)


def _named(record: StepRecord) -> dict[str, Any]:
    return {
        "record": record,
        "case": record.case,
        "step": STEPS[record.step],
        "title": str(KIND_LABELS[record.kind]).capitalize(),
        "back_url": _address("record-detail", record),
    }


def _address(name: str, record: Model) -> str:
    return reverse(f"members:recruitment:{name}", args=[record.pk])


def _is_open(user: User, record: StepRecord) -> bool:
    """Say whether ``user`` may still change this record."""
    if record.is_annulment or _correction_of(record) or not may(user, "correct", record):
        return False
    return bool(roles_in([record.case], user)[record.case_id] & KINDS[record.kind].recorders)


def _facts(record: StepRecord, details: Details | None) -> list[tuple[str, Any]]:
    form = FORMS[record.kind]
    found = [(str(form.on_label), date_format(record.on, "SHORT_DATE_FORMAT"))]
    return [*found, *(form.said(details) if details else ())]


def _trail(record: StepRecord) -> list[tuple[str, Any]]:
    at = date_format(timezone.localtime(record.recorded_at), "SHORT_DATETIME_FORMAT")
    found = [
        (_("Recorded by"), f"{record.recorded_by.name} ({ROLE_LABELS[Role(record.role)]})"),
        (_("Recorded at"), at),
        (_("Article"), article_words(cite(record.case.edition, STEPS[record.step].article))),
    ]
    return [*found, (_("Reason"), record.reason)] if record.reason else found


def sums(details: Details) -> list[str]:
    """Return the arithmetic of a vote in words; nothing for what was no vote."""
    if isinstance(details, BallotFact):
        numbers = (details.due, details.present, details.yes)
        verdict = None if None in numbers else arithmetic.congress(*numbers, details.written)  # type: ignore[arg-type]
    elif count := getattr(details, "minutes", None):
        numbers = (count.due, count.present, count.yes)
        verdict = None if None in numbers else arithmetic.committee(*numbers)
    else:
        return []
    if verdict is None:
        return []
    opens, passes = verdict.words
    return [opens, passes, _("The motion is carried.") if verdict.passes else _("The motion is not carried.")]


def _held(request: HttpRequest, pk: int) -> tuple[StepRecord, HttpResponse | None]:
    """Return a record that ``request`` may change, or with it the page that says why it may not."""
    record = _seen(request.user, pk)
    if not may(request.user, "correct", record):
        raise PermissionDenied
    if record.is_annulment or _correction_of(record):
        return record, refused(request, [_("This record was corrected before; correct the later one.")])
    if not _is_open(request.user, record):
        return record, refused(request, [_("This is not recorded in that capacity.")])
    return record, None


def record_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form with what was recorded; put the right record in its place."""
    record, answer = _held(request, pk)
    if answer:
        return answer
    form = correcting_form(record.kind)(
        request.POST or None, asked=_asked(request, record), with_papers=False, initial={"on": record.on},
        by=request.user,
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                right = _correct(record, form, by=request.user)
            except ValidationError as refusal:
                add_refusal(form, refusal)
                status = CONFLICT if isinstance(refusal, RuleError) else UNPROCESSABLE
            else:
                messages.success(request, _("The correction is recorded; the wrong record stays struck through."))
                return redirect("members:recruitment:record-detail", right.pk)
    context = {
        **_named(record),
        "form": form,
        "letters": hasattr(form, "letters"),
        "count_words": count_words(type(form)),
    }
    return render(request, "members/recruitment/record_correct.html", context, status=status)


def _asked(request: HttpRequest, record: StepRecord) -> Asked:
    case, today = record.case, timezone.localdate()
    leave = leaves_of([case], record.step, record.kind, today)[case.pk]
    return Asked(
        step=record.step, kind=record.kind, today=today, by=request.user, branch=case.organization,
        roles=roles_in([case], request.user)[case.pk], candidate_id=case.person.user_id, course=leave.course,
        before=from_json(record.kind, record.details),
    )  # fmt: skip


def _correct(record: StepRecord, form: RecordForm, *, by: User) -> StepRecord:
    data = form.cleaned_data
    return services.correct(record, on=data["on"], details=form.details(), by=by, reason=data["reason"])


def record_annul(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then take back a record of what never was."""
    record, answer = _held(request, pk)
    if answer:
        return answer
    form = AnnulForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                services.annul(record, by=request.user, reason=form.cleaned_data["reason"])
            except ValidationError as refusal:
                add_refusal(form, refusal)
                status = CONFLICT
            else:
                messages.success(request, _("The record is taken back; it stays in the file, struck through."))
                return redirect("members:recruitment:case-detail", record.case_id)
    effects = [
        _("The step is open again, and what is due is reckoned anew."),
        _("It stays in the file with your reason; nothing is deleted."),
        _("Where later records build on it, it cannot be taken back: correct it instead."),
    ]
    context = {**_named(record), "form": form, "effects": effects}
    return render(request, "members/recruitment/record_annul.html", context, status=status)


def paper_create(request: HttpRequest, pk: int) -> HttpResponse:
    """File a paper that came after its record."""
    record, answer = _held(request, pk)
    if answer:
        return answer
    there = set(scope(request.user, "view", Paper).filter(record=record).values_list("kind", flat=True))
    kinds = tuple(code for code in papers_left(record.step, record.kind) if code not in there)
    if not kinds:
        return refused(request, [_("Every paper of this record is in the file.")])
    form = PaperForm(request.POST or None, request.FILES or None, kinds=kinds, by=request.user)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                services.file_paper(record, Filed(**form.cleaned_data), by=request.user)
            except ValidationError as refusal:
                add_refusal(form, refusal)
                status = CONFLICT
            else:
                messages.success(request, _("The paper is in the file."))
                return redirect("members:recruitment:record-detail", record.pk)
    return render(request, "members/recruitment/paper_create.html", {**_named(record), "form": form}, status=status)
