"""A letter on a page: for its writer, and for the branch that receives or returns it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch, with_power
from portal.access.rights import rights_of
from portal.audit import services as audit
from portal.documents.responses import paper_response
from portal.documents.services import Format
from portal.organizations.duties import Duty
from portal.reviews.models import Version
from portal.reviews.queries import history
from portal.reviews.rules import State
from portal.reviews.services import compare
from portal.reviews.texts import paragraphs
from portal.web.pagination import numbered_page
from portal.web.views import add_refusal

from .. import services
from ..forms.letters import LetterAnswerForm, LetterFilterForm
from ..letters import CLOSING, SALUTATION, tables_from_text
from ..models import Letter, LetterKind
from ..printing import paper_of
from ..queries.letters import application_refusals, letters_for
from ..services.recording import words_of


@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    """Show the letters of one's branches: those that wait, or by the filters all of them."""
    if not rights_of(request.user).holds(Duty.RECRUIT):
        raise PermissionDenied(_("Only those who keep the recruitment of a branch receive letters."))
    form = LetterFilterForm(request.GET)
    chosen = form.chosen
    rows = letters_for(request.user)
    state = chosen.get("state", "")
    if not state:
        rows = rows.waiting()
    elif state != "any":
        rows = rows.filter(review__state=state)
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if words := chosen.get("words"):
        rows = rows.filter(person__user__name__icontains=words) | rows.filter(person__user__number__startswith=words)
    context = {
        "page": numbered_page(request, rows.order_by("submitted_on" if not state else "-submitted_on", "pk")),
        "filter_form": form,
        "filtered": bool(chosen),
        "clear_url": request.path if chosen else "",
        "today": timezone.localdate(),
    }
    return render(request, "members/recruitment/letter_list.html", context)


@require_GET
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a letter as it stands, an earlier version by ``?version=``."""
    letter = _letter(request, "view", pk)
    return render(request, "members/recruitment/letter_detail.html", _page(request, letter))


def letter_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a letter that waits, receive or return it."""
    letter = _letter(request, "answer", pk)
    if request.method != "POST" and not letter.review.is_waiting:
        return redirect(letter)
    form = LetterAnswerForm(
        request.POST or None, kind=letter.kind, initial={"version": letter.review.version_count}
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer = _answer(request, letter, form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            return answer
    context = _page(request, _letter(request, "answer", pk), last=True)
    context |= {"form": form, "refusals": _refusals(letter)}
    status = 422 if form.errors else 200
    return render(request, "members/recruitment/letter_answer.html", context, status=status)


def _answer(request: HttpRequest, letter: Letter, data: dict[str, Any]) -> HttpResponse:
    if data["decision"] == "receive":
        services.receive_letter(
            letter, is_signed=data["is_signed"], words=data["words"], by=request.user, version=data["version"]
        )
        messages.success(request, _("The letter of %(name)s is in the file.") % {"name": letter.person.name})
    else:
        services.return_letter(letter, words=data["words"], by=request.user, version=data["version"])
        messages.success(request, _("The letter is with its writer again."))
    return redirect("members:recruitment:letter-list")


@require_GET
def letter_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two versions of the text side by side, by default the last two."""
    letter = _letter(request, "view", pk)
    last = letter.review.version_count
    newer = _number(request, "newer", last)
    older = _number(request, "older", newer - 1)
    versions = {version.number: version for version in letter.review.versions.filter(number__in=[older, newer])}
    if len(versions) != 2:
        raise Http404
    context = {
        "letter": letter,
        "older": older,
        "newer": newer,
        "numbers": range(1, last + 1),
        "rows": compare(versions[older], versions[newer]),
    }
    return render(request, "members/recruitment/letter_compare.html", context)


@require_POST
def letter_print(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """Send the last version as a file; who took it and when goes into the trail."""
    letter = _letter(request, "view", pk)
    version: Version | None = letter.review.versions.order_by("-number").first()
    if version is None or format not in list(Format):
        raise Http404
    code, facts = paper_of(letter, version)
    response = paper_response(code, facts, format=format, name=f"{version.title}-{letter.person.name}")
    audit.record(
        "recruitment.letter.exported", letter, by=request.user, about=letter.person.user,
        at=letter.person.organization, changes={"format": ["", str(format)]},
    )  # fmt: skip
    return response


def _letter(request: HttpRequest, action: str, pk: int) -> Letter:
    letters = Letter.objects.with_people().select_related("review__decided_by", "case__organization")
    for power in ("answer", "write"):
        letters = with_power(letters, request.user, power)
    letter: Letter = fetch(request.user, action, Letter, queryset=letters, pk=pk)
    return letter


def _number(request: HttpRequest, name: str, default: int) -> int:
    sent = request.GET.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 6 else default


def _page(request: HttpRequest, letter: Letter, *, last: bool = False) -> dict[str, Any]:
    """Return what every page of one letter shows."""
    review = letter.review
    number = review.version_count if last else _number(request, "version", review.version_count)
    version = review.versions.filter(number=number).first() if number else None
    if number and version is None:
        raise Http404
    return {
        "letter": letter,
        "review": review,
        "version": version,
        "is_last": number == review.version_count,
        "numbers": range(1, review.version_count + 1),
        "previous": number - 1,
        "paragraphs": paragraphs(version.body) if version else [],
        "tables": tables_from_text(letter.tables),
        "salutation": SALUTATION,
        "closing": CLOSING,
        "steps": list(history(review)),
        "files": list(letter.files.all()),
        "today": timezone.localdate(),
        "is_admission": letter.kind == LetterKind.ADMISSION,
        "may_rewrite": letter.may_write and review.is_writable and letter.is_open,
        "may_withdraw": letter.may_write and review.is_waiting,
        "waits_for_reader": letter.may_answer and review.is_waiting,
        "was_returned": review.state == State.RETURNED,
    }


def _refusals(letter: Letter) -> list[str]:
    """Return what would forbid receiving an application, said before anybody tries."""
    if letter.kind != LetterKind.ADMISSION or letter.submitted_on is None:
        return []
    return [words_of(refusal) for refusal in application_refusals(letter.person, on=letter.submitted_on)]
