"""One transfer: its timeline, whose turn it is, each step, and the letter on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch, may
from portal.documents.responses import paper_response
from portal.documents.services import Format
from portal.web.views import ServiceFormMixin, refused

from .. import forms, services
from ..models import Event, Transfer
from ..policies import STEP_VERBS, sides_of
from ..printing import LETTER, facts_of
from ..rules.states import ONWARD, Route, State, Verb, allowed, turn_of
from ..services.settling import side_words, with_article
from ..services.steps import against_check
from ..stages import plain_words, stages


def _rows() -> Any:
    return Transfer.objects.with_sides().select_related("batch")


@require_GET
def transfer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a transfer to whoever stands on one of its sides, with the next action first."""
    transfer = fetch(request.user, "view", Transfer, queryset=_rows(), pk=pk)
    today = timezone.localdate()
    sides = sides_of(request.user, transfer)
    verbs = allowed(transfer.route, transfer.state, sides)
    events = list(transfer.events.select_related("by"))
    letters = list(transfer.letters.select_related("organization"))
    turn = turn_of(transfer.route, transfer.state)
    context = {
        "transfer": transfer,
        "clock": transfer.clock(today),
        "answering": transfer.answering(today),
        "stages": stages(transfer, _days(events)),
        "turn": ", ".join(side_words(transfer, side) for side in sorted(turn)),
        "next": [_action(transfer, verb) for verb in verbs if verb in ONWARD],
        "others": [_action(transfer, verb) for verb in verbs if verb not in ONWARD],
        "history": [_entry(transfer, event) for event in reversed(events)],
        "letters": letters,
        "letter": next((letter for letter in letters if not letter.is_void), None),
        "may_print": transfer.sender_committee is not None and may(request.user, "print", transfer),
        "words": plain_words(transfer) if request.user.pk == transfer.person.user_id else "",
        "own": request.user.pk == transfer.person.user_id,
    }
    return render(request, "members/transfers/transfer_detail.html", context)


def _days(events: list[Event]) -> dict[str, Any]:
    return {event.state: event.on for event in events}


def _action(transfer: Transfer, verb: Verb) -> dict[str, str]:
    return {
        "label": _label(transfer, verb),
        "url": reverse("members:transfers:transfer-step", args=[transfer.pk, verb.value]),
    }


def _label(transfer: Transfer, verb: Verb) -> str:
    if verb == Verb.ACCEPT and transfer.route == Route.OUT:
        return _("Record the receipt")
    if verb == Verb.REISSUE and transfer.route == Route.IN:
        return _("Register a new letter")
    return str(verb.label)


def _entry(transfer: Transfer, event: Event) -> dict[str, Any]:
    return {
        "on": event.on,
        "title": event.get_state_display(),
        "who": event.by.name if event.by else _("the schedule"),
        "words": event.words,
    }


@require_POST
def letter_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the letter in force as a PDF; the trail keeps who took it along, for it holds the identity number."""
    transfer = fetch(request.user, "print", Transfer, queryset=_rows(), pk=pk)
    letter = transfer.letters.select_related("organization").filter(is_void=False, organization__isnull=False).first()
    if letter is None:
        return refused(request, [_("No letter is in force.")])
    letter.transfer = transfer
    services.record_print(letter, by=request.user)
    return paper_response(LETTER, facts_of(letter), format=Format.PDF, name=f"letter-{letter.serial}")


@dataclass(frozen=True, slots=True)
class _Page:
    """The form and the verb behind one step."""

    form: type
    act: Callable[..., Transfer]
    danger: bool = False


def _renew(transfer: Transfer, *, letter_number: str, **data: Any) -> Transfer:
    return services.renew_arrival(transfer, number=letter_number, **data)


def _check(transfer: Transfer, *, dues_paid_to: Any = None, **data: Any) -> Transfer:
    return services.check(transfer, dues_paid_to=dues_paid_to, **data)


PAGES: dict[str, _Page] = {
    Verb.CHECK: _Page(forms.CheckForm, _check),
    Verb.ISSUE: _Page(forms.IssueForm, services.issue),
    Verb.HAND_OVER: _Page(forms.RemarkForm, services.hand_over),
    Verb.SEND: _Page(forms.RemarkForm, services.send),
    Verb.RECEIVE: _Page(forms.RemarkForm, services.receive),
    Verb.ACCEPT: _Page(forms.AcceptForm, services.accept),
    Verb.REJECT: _Page(forms.ReasonForm, services.reject, danger=True),
    Verb.WITHDRAW: _Page(forms.RemarkForm, services.withdraw, danger=True),
    Verb.REISSUE: _Page(forms.ReissueForm, services.reissue),
}


class TransferStepView(ServiceFormMixin, FormView):
    """One step of a transfer: the page says what it means, the service decides."""

    template_name = "members/transfers/transfer_step.html"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, verb: str) -> HttpResponse:
        if verb not in STEP_VERBS:
            raise Http404
        self.transfer = fetch(request.user, verb, Transfer, queryset=_rows(), pk=pk)
        self.verb = Verb(verb)
        self.page = PAGES[self.verb]
        if self.verb == Verb.REISSUE and self.transfer.route == Route.IN:
            self.page = _Page(forms.RenewForm, _renew)
        possible = allowed(self.transfer.route, self.transfer.state, sides_of(request.user, self.transfer))
        if self.verb not in possible:
            words = _("This cannot be done any more: the transfer is now “%(state)s”.")
            return refused(request, [words % {"state": self.transfer.get_state_display()}])
        return super().dispatch(request, *args, pk=pk, verb=verb)

    def get_form_class(self) -> type:
        return self.page.form

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"transfer": self.transfer, "by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        transfer, today = self.transfer, timezone.localdate()
        shown = {
            "transfer": transfer,
            "label": _label(transfer, self.verb),
            "danger": self.page.danger,
            "effects": _effects(transfer, self.verb),
            "gaps": [],
        }
        if self.verb == Verb.CHECK:
            gaps, _facts = against_check(transfer, dues_paid_to=today, file_checked=True, on=today)
            shown["gaps"] = [with_article(gap) for gap in gaps]
        return super().get_context_data(**kwargs) | shown

    def perform(self, **data: Any) -> Transfer:
        done = self.page.act(self.transfer, by=self.request.user, on=timezone.localdate(), **data)
        messages.success(self.request, _("Done: %(state)s.") % {"state": done.get_state_display()})
        return done

    def get_success_url(self) -> str:
        if self.request.user.pk == self.transfer.person.user_id:
            return reverse("members:transfers:my-transfer")
        return self.transfer.get_absolute_url()


def _effects(transfer: Transfer, verb: Verb) -> list[str]:
    """Say what follows from the step, before it is taken."""
    names = {"name": transfer.person.name, "sender": transfer.sender, "receiver": transfer.receiver}
    texts = {
        Verb.CHECK: [_("The transfer goes on to the next side; %(sender)s answers for %(name)s until it is accepted.")],
        Verb.ISSUE: [_("The letter gets the next number of this year, and its clock begins.")],
        Verb.REISSUE: [_("The earlier letter is void; the clock begins anew.")],
        Verb.HAND_OVER: [_("%(name)s carries the letter; remind of the receipt.")],
        Verb.SEND: [_("The receiver answers in the member system; record the receipt when it has.")],
        Verb.RECEIVE: [_("%(receiver)s is told that it can accept %(name)s.")],
        Verb.REJECT: [_("%(sender)s goes on answering for %(name)s, and reads your reason.")],
        Verb.WITHDRAW: [_("Nothing changes for %(name)s; a letter that is out becomes void.")],
        Verb.ACCEPT: [_("From that day %(receiver)s answers for %(name)s; the archive follows, its history stays.")],
    }
    if transfer.state == State.EXPIRED and verb == Verb.ACCEPT:
        texts[Verb.ACCEPT].append(_("The letter has run out: only an acceptance within its days counts."))
    return [text % names for text in texts.get(verb, [])]
