"""The candidate's side: the own way, the editor of a letter, the check before it is handed in."""

from datetime import date
from hashlib import blake2b
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.models import Member
from portal.access.policy import fetch
from portal.drafts.models import Draft
from portal.drafts.services import DraftConflict, draft_of, save_draft
from portal.files.models import StoredFile
from portal.reviews.rules import State
from portal.reviews.texts import count_characters, paragraphs
from portal.web.refusals import RuleError
from portal.web.views import add_refusal, refused

from .. import services
from ..forms.letters import DeclarationForm, LetterEditor, sent_values, values_of
from ..letters import CLOSING, SALUTATION, TITLES, draft_key, gaps_before_letter, tables_from_text
from ..models import Letter, LetterKind
from ..queries.letters import answer_due, application_refusals, open_letter, writer_of
from ..queries.mine import member_of, my_way
from ..services.likeness import findings_for
from ..services.recording import words_of
from ..way import CHAPTERS, stages, what_comes
from .papers import own_papers_to_print


@require_GET
def my_way_page(request: HttpRequest) -> HttpResponse:
    """Show where one stands on the way into the party, what comes next and what is one's own in the file."""
    today = timezone.localdate()
    mine = my_way(request.user, on=today)
    if mine is None:
        return render(request, "members/recruitment/my_way_none.html")
    context = {
        "mine": mine,
        "stages": stages(mine.standing),
        "coming": what_comes(mine, on=today),
        "chapters": CHAPTERS,
        "prints": own_papers_to_print(request.user),
        "today": today,
    }
    return render(request, "members/recruitment/my_way.html", context)


def letter_write(request: HttpRequest, kind: str) -> HttpResponse:
    """Edit a letter: everything sent is kept as the draft first, whatever comes of it after."""
    person, letter = _writer(request, kind)
    if letter and not letter.review.is_writable:
        return redirect(letter)
    today = timezone.localdate()
    writer = writer_of(person, on=today)
    if gaps := gaps_before_letter(kind, writer, is_waiting=False):
        return refused(request, [str(gap.label) for gap in gaps])
    key = draft_key(kind)
    draft = draft_of(request.user, key)
    theirs: Draft | None = None
    if request.method == "POST":
        editor = LetterEditor(kind, request.POST, request.FILES)
        draft, theirs = _keep(editor, request, key, draft)
        if editor.is_valid() and not theirs and (answer := _go_on(editor, request, person, letter, today)):
            return answer
    else:
        editor = LetterEditor(kind, values=_values(person, kind, letter, draft))
    context = {
        "kind": kind,
        "title": LetterKind(kind).label,
        "editor": editor,
        "form": editor.form,
        "letter": letter,
        "theirs": theirs,
        "returned": _last_words(letter),
        "warnings": _warnings(person, kind, today),
        "probation": writer.probation,
        "today": today,
        "files": list(letter.files.all()) if letter else [],
        "draft_key": key,
        "draft_url": reverse("drafts:draft", args=[key]),
        "draft_version": theirs.version if theirs else draft.version if draft else 0,
        "draft_saved_at": draft.saved_at if draft and not theirs else None,
    }
    return render(request, "members/recruitment/letter_write.html", context)


def letter_check(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the writer what would be handed in; hand it in with the declaration."""
    person, letter = _writer(request, kind)
    if letter and not letter.review.is_writable:
        return redirect(letter)
    today = timezone.localdate()
    writer = writer_of(person, on=today)
    if gaps := gaps_before_letter(kind, writer, is_waiting=False):
        return refused(request, [str(gap.label) for gap in gaps])
    values = _values(person, kind, letter, draft_of(request.user, draft_key(kind)))
    editor = LetterEditor.of_kept(kind, values)
    if not editor.is_valid() or not paragraphs(values.get("body", "")) or not values.get("carrier"):
        messages.warning(request, _("The letter is not complete yet: look at what is marked."))
        return redirect("members:recruitment:letter-write", kind)
    seen, changed = _fingerprint(values), False
    form = DeclarationForm(request.POST or None, initial={"seen": seen})
    if request.method == "POST":
        changed = request.POST.get("seen") != seen
        if form.is_valid() and not changed:
            return _hand_in(request, person, kind, editor, today)
    if changed:  # what was declared was declared of another text
        form = DeclarationForm(initial={"seen": seen})
    context = {
        "kind": kind,
        "title": LetterKind(kind).label,
        "heading": TITLES[LetterKind(kind)],
        "salutation": SALUTATION,
        "closing": CLOSING,
        "person": person,
        "letter": letter,
        "tables": editor.rows(),
        "paragraphs": paragraphs(values["body"]),
        "carrier": dict(editor.form.fields["carrier"].choices)[values["carrier"]],
        "characters": count_characters(values["body"]),
        "form": form,
        "seen": seen,
        "changed": changed,
        "findings": findings_for(values["body"], author_id=person.user_id),
        "warnings": _warnings(person, kind, today),
        "files": list(letter.files.all()) if letter else [],
        "answer_due": answer_due(person, kind, on=today, probation=writer.probation),
        "today": today,
    }
    return render(request, "members/recruitment/letter_check.html", context)


def letter_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the letter back before it is received."""
    letter = fetch(request.user, "write", Letter, queryset=Letter.objects.with_people(), pk=pk)
    if request.method == "POST":
        try:
            services.withdraw_letter(letter, by=request.user)
        except RuleError as error:
            return refused(request, error.messages)
        messages.success(request, _("The letter is yours again; its text is kept."))
        return redirect("members:recruitment:letter-write", letter.kind)
    return render(request, "members/recruitment/letter_withdraw.html", {"letter": letter})


@require_POST
def letter_scan_remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take a file away while the letter is its writer's."""
    letter = fetch(request.user, "write", Letter, queryset=Letter.objects.with_people(), pk=pk)
    found = fetch(request.user, "view", StoredFile, queryset=letter.files.all(), pk=file)
    try:
        services.remove_letter_scan(letter, found, by=request.user)
    except RuleError as error:
        return refused(request, error.messages)
    messages.success(request, _("The file has been removed."))
    return redirect("members:recruitment:letter-write", letter.kind)


def _writer(request: HttpRequest, kind: str) -> tuple[Member, Letter | None]:
    person = member_of(request.user)
    if person is None or kind not in LetterKind.values:
        raise Http404
    return person, open_letter(request.user, kind)


def _values(person: Member, kind: str, letter: Letter | None, draft: Draft | None) -> dict[str, Any]:
    """Return the fields to go on with: what was typed last, else the version that came back, else what is known."""
    if draft:
        return dict(draft.data)
    last = letter.review.versions.order_by("-number").first() if letter else None
    if letter and last:
        return values_of(last.body, letter.carrier, tables_from_text(letter.tables))
    if kind == LetterKind.ADMISSION and person.school and person.enrolled_on:
        words = " ".join(filter(None, (person.school, person.major)))
        return {"history-0-since": f"{person.enrolled_on:%Y-%m}", "history-0-words": words}
    return {}


def _keep(
    editor: LetterEditor, request: HttpRequest, key: str, draft: Draft | None
) -> tuple[Draft | None, Draft | None]:
    """Keep what was sent; return the draft, and the other page's one when that was saved later."""
    data = sent_values(editor.kind, request.POST)
    sent = request.POST.get("draft_version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
    try:
        return save_draft(request.user, key, data, version=version, device=request.POST.get("draft_device", "")), None
    except DraftConflict as conflict:
        return draft, conflict.draft
    except RuleError as error:
        add_refusal(editor.form, error)
        return draft, None


def _go_on(
    editor: LetterEditor, request: HttpRequest, person: Member, letter: Letter | None, on: date
) -> HttpResponse | None:
    """File the scans that came along and go where the button leads; ``None`` shows the form again."""
    if editor.scans:
        try:
            letter = letter or services.begin_letter(person, editor.kind, on=on)
            for upload in editor.scans:
                services.attach_letter_scan(letter, upload, by=request.user)
        except ValidationError as error:
            editor.form.add_error("scans", error)
            return None
    action = request.POST.get("action")
    if action == "check":
        if not paragraphs(editor.form.cleaned_data["body"]):
            editor.form.add_error("body", _("This is needed before you hand in."))
        if not editor.form.cleaned_data["carrier"]:
            editor.form.add_error("carrier", _("Say how the signed letter is made."))
        return None if editor.form.errors else redirect("members:recruitment:letter-check", editor.kind)
    if action in ("attach", "rows"):
        return redirect("members:recruitment:letter-write", editor.kind)
    messages.success(request, _("The text is kept. You can go on with it on any device."))
    return redirect("members:recruitment:my-way")


def _hand_in(request: HttpRequest, person: Member, kind: str, editor: LetterEditor, on: date) -> HttpResponse:
    data = editor.form.cleaned_data
    try:
        letter = services.begin_letter(person, kind, on=on)
        letter = services.hand_in_letter(
            letter, body=data["body"], tables=editor.rows(), carrier=data["carrier"], is_declared=True,
            by=request.user, on=on,
        )  # fmt: skip
    except ValidationError as error:
        return refused(request, error.messages)
    messages.success(request, _("Your letter is with %(branch)s.") % {"branch": person.organization})
    return redirect(letter)


def _warnings(person: Member, kind: str, on: date) -> list[str]:
    """Return what would forbid handing the letter in today; the text can be written all the same."""
    if kind != LetterKind.ADMISSION:
        return []
    found = []
    for refusal in application_refusals(person, on=on):
        found.append(words_of(refusal))
        if refusal.earliest:
            found.append(_("You can hand it in from %(day)s.") % {"day": refusal.earliest})
    return found


def _last_words(letter: Letter | None) -> Any:
    """Return the step with which the branch gave the letter back."""
    if letter is None or letter.review.state != State.RETURNED:
        return None
    return letter.review.steps.filter(verb="return").select_related("by").last()


def _fingerprint(values: dict[str, Any]) -> str:
    return blake2b(repr(sorted(values.items())).encode(), digest_size=12).hexdigest()
