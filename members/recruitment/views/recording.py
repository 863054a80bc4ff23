"""Record one step of a case: what the rule asks, the form, and every reason where it may not be recorded."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policy import fetch, may
from portal.accounts.models import User
from portal.drafts.models import Draft
from portal.drafts.services import discard, draft_of, keep_sent
from portal.rulesets.words import article_words
from portal.web.refusals import RuleError
from portal.web.views import add_refusal

from .. import services
from ..engine import arithmetic
from ..engine.details import KINDS
from ..engine.people import Role
from ..engine.steps import STEPS
from ..engine.verdicts import Refusal
from ..engine.vocabulary import KIND_LABELS, ROLE_LABELS
from ..forms.base import Asked, RecordForm
from ..forms.kinds import FORMS
from ..models import Case, CaseState, StepRecord
from ..queries import roles_in
from ..queries.leave import Leave, is_known, leaves_of
from ..services.recording import words_of

UNPROCESSABLE, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Recording:
    """One record that somebody is about to make."""

    case: Case
    step: str
    kind: str
    leave: Leave
    asked: Asked

    @property
    def title(self) -> str:
        return str(KIND_LABELS[self.kind]).capitalize()

    @property
    def draft_key(self) -> str:
        return f"recruitment.{self.case.pk}.{self.step}.{self.kind}"


def case_for(user: Any, pk: int, kind: str) -> tuple[Case, frozenset[Role]]:
    """Return the case with the capacities in which ``user`` may record ``kind`` in it.

    Raises ``Http404`` for a case the person may not know of, the candidate's own among them, and
    ``PermissionDenied`` where another capacity records this.
    """
    recorders = KINDS[kind].recorders
    action = "train" if Role.TRAINER in recorders else "accompany"
    case = fetch(user, action, Case, queryset=Case.objects.with_people(), pk=pk)
    roles = roles_in([case], user)[case.pk]
    if not roles & recorders:
        who = " · ".join(str(ROLE_LABELS[role]) for role in Role if role in recorders)
        raise PermissionDenied(_("This is recorded by: %(who)s.") % {"who": who})
    return case, roles


def recording_of(user: User, pk: int, step: str, kind: str) -> Recording:
    if not is_known(step, kind):
        raise Http404
    case, roles = case_for(user, pk, kind)
    leave = leaves_of([case], step, kind, timezone.localdate())[case.pk]
    asked = Asked(
        step=step, kind=kind, today=timezone.localdate(), by=user, branch=case.organization, roles=roles,
        candidate_id=case.person.user_id, course=leave.course,
    )  # fmt: skip
    return Recording(case, step, kind, leave, asked)


def record_create(request: HttpRequest, pk: int, step: str, kind: str) -> HttpResponse:
    """Show what is asked, or why nothing may be recorded yet; write the record, or say every reason against it."""
    recording = recording_of(request.user, pk, step, kind)
    draft = draft_of(request.user, recording.draft_key)
    if request.method != "POST":
        form = FORMS[kind](initial=draft.data if draft else None, asked=recording.asked, by=request.user)
        return _page(request, recording, form, draft)
    form = FORMS[kind](request.POST, request.FILES, asked=recording.asked, by=request.user)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            row = _write(request, recording, form)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            status = CONFLICT if isinstance(refusal, RuleError) else UNPROCESSABLE
        else:
            discard(request.user, recording.draft_key)
            _tell(request, row)
            return redirect("members:recruitment:case-detail", pk)
    kept = keep_sent(request.user, recording.draft_key, request.POST, form.fields)
    return _page(request, recording, form, kept or draft, status=status)


def _write(request: HttpRequest, recording: Recording, form: RecordForm) -> StepRecord:
    return services.record(
        recording.case,
        recording.step,
        on=form.cleaned_data["on"],
        details=form.details(),
        by=request.user,
        documents=form.documents(),
        seen=_whole(request.POST.get("seen")),
    )


def _whole(text: str | None) -> int:
    """Read a key that the page carried; 0 for what is none, which looks at everything recorded so far."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _tell(request: HttpRequest, row: StepRecord) -> None:
    names = {"what": KIND_LABELS[row.kind], "name": row.case.person.name}
    messages.success(request, _("Recorded for %(name)s: %(what)s.") % names)


def _page(
    request: HttpRequest, recording: Recording, form: RecordForm, draft: Draft | None, *, status: int = 200
) -> HttpResponse:
    case, leave = recording.case, recording.leave
    reasons = [words_of(reason) for reason in leave.reasons]
    if case.state != CaseState.OPEN:
        reasons = [_("This case is closed.")]
    is_open = form.is_bound or not reasons
    context = {
        **recording_context(recording),
        "form": form if is_open else None,
        "seen": case.records.aggregate(last=Max("pk"))["last"] or 0,
        "reasons": reasons,
        "liftable": [str(reason) for reason in leave.liftable],
        "except_url": exception_url(request.user, case, leave.liftable),
        "draft_key": recording.draft_key,
        "draft_url": reverse("drafts:draft", args=[recording.draft_key]),
        "draft_version": draft.version if draft else 0,
        "draft_saved_at": draft.saved_at if draft else None,
    }
    return render(request, "members/recruitment/record_create.html", context, status=status)


def recording_context(recording: Recording) -> dict[str, Any]:
    """Return what the page says of the rule before the form."""
    leave, step = recording.leave, STEPS[recording.step]
    return {
        "case": recording.case,
        "step": step,
        "kind": recording.kind,
        "title": recording.title,
        "lead": FORMS[recording.kind].lead,
        "article": article_words(leave.article),
        "earliest": leave.earliest,
        "due": leave.due,
        "warnings": [words_of(reason) for reason in leave.warnings],
        "count_words": count_words(FORMS[recording.kind]),
        "letters": hasattr(FORMS[recording.kind], "letters"),
        "back_url": reverse("members:recruitment:case-detail", args=[recording.case.pk]),
    }


def count_words(form_class: type[RecordForm]) -> dict[str, str]:
    """Return the sentences of the arithmetic, with the numbers left for the page to fill in while one types."""
    if not hasattr(form_class, "counts"):
        return {}
    holes = {name: f"{{{name}}}" for name in ("due", "present", "yes", "base")}
    return {
        "opens": str(arithmetic.OPENS) % (holes | {"need": "{min_present}"}),
        "passes": str(arithmetic.PASSES) % (holes | {"need": "{min_yes}"}),
    }


def exception_url(user: User, case: Case, reasons: tuple[Refusal, ...]) -> str:
    """Return where this person may lift one of the reasons; ``""`` for whoever may not."""
    if not reasons or not may(user, "except", case):
        return ""
    return f"{reverse('members:recruitment:exception-grant', args=[case.pk])}?rule={reasons[0].code}"
