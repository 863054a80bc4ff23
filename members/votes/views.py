"""Pages of votes: prepare, lead, count, record what follows. Members vote on the page of ``portal.ballots``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from members.meetings.models import AgendaItem, MeetingState
from portal.access.policy import fetch, may, with_power
from portal.accounts.models import User
from portal.ballots.counts import Result
from portal.ballots.queries import anonymity_label, elector_of, figures_of, is_shown, shown_result
from portal.ballots.rules import TERMS, Rule
from portal.ballots.services import is_intact
from portal.ballots.vocabulary import BallotKind, BallotState, Way
from portal.web.views import ServiceFormMixin

from . import forms, services
from .models import MeetingVote
from .queries import circle_of, hall_of
from .rules import Purpose, purposes_in


def _rows(request: HttpRequest) -> Any:
    rows = MeetingVote.objects.select_related(
        "ballot", "meeting__organization", "item", "part__meeting", "subject_case__person__user", "approved_by"
    )
    return with_power(with_power(rows, request.user, "lead"), request.user, "approve")


def _person(request: HttpRequest) -> User:
    """Return who is signed in; every address here asks for that."""
    assert request.user.is_authenticated
    return request.user


def _items() -> Any:
    return AgendaItem.objects.select_related("meeting__organization", "part")


@require_GET
def vote_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the vote is about."""
    item = fetch(request.user, "lead", AgendaItem, queryset=_items(), pk=pk)
    choices = [
        {"label": purpose.label, "url": reverse("members:votes:vote-create-about", args=[item.pk, purpose.value])}
        for purpose in purposes_in(item.part.kind)
    ]
    context = {"item": item, "meeting": item.meeting, "choices": choices}
    return render(request, "members/votes/vote_create.html", context)


class VoteCreateView(ServiceFormMixin, FormView):
    """Prepare a vote on a matter of the agenda."""

    template_name = "members/votes/vote_create_about.html"
    success_message = gettext_lazy("The vote is prepared. Open it when it is its turn.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, purpose: str) -> Any:
        self.item = fetch(request.user, "lead", AgendaItem, queryset=_items(), pk=pk)
        if purpose not in purposes_in(self.item.part.kind):
            raise Http404
        self.purpose = Purpose(purpose)
        return super().dispatch(request, *args, pk=pk, purpose=purpose)

    def get_form(self, form_class: Any = None) -> Any:
        form = forms.FORMS[self.purpose]
        return form(**self.get_form_kwargs(), item=self.item, purpose=self.purpose, by=_person(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"item": self.item, "meeting": self.item.meeting, "purpose": self.purpose.label}
        return super().get_context_data(**kwargs) | context

    def form_valid(self, form: Any) -> HttpResponse:
        form.cleaned_data = form.values()
        return super().form_valid(form)

    def perform(self, **data: Any) -> MeetingVote:
        return services.create_vote(self.item, purpose=self.purpose, by=_person(self.request), **data)

    def get_success_message(self, data: dict[str, Any]) -> str:
        return str(self.success_message)


@never_cache
@require_GET
def vote_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a vote: who may take part, how many have, what came of it; the chair's next step first."""
    vote = fetch(request.user, "view", MeetingVote, queryset=_rows(request), pk=pk)
    ballot = vote.ballot
    own = elector_of(ballot, request.user)
    result = shown_result(ballot)
    acts = _acts(request, vote)
    context = {
        "vote": vote,
        "ballot": ballot,
        "meeting": vote.meeting,
        "rule": Rule(ballot.rule).label,
        "tone": _TONES[BallotState(ballot.state)],
        "options": list(ballot.options.all()),
        "hall": hall_of(vote) if ballot.state == BallotState.PLANNED else None,
        "figures": figures_of([ballot])[ballot.pk],
        "may_vote": bool(own and ballot.is_open and own.is_present and own.voted_on is None),
        "has_voted": bool(own and own.voted_on),
        "label": anonymity_label(ballot),
        "result": result,
        "outcome_tone": _outcome_tone(result),
        "lines": _lines(vote, result),
        "is_shown": is_shown(ballot),
        "is_intact": is_intact(ballot),
        "acts": acts,
        "main_act": next((act for act in acts if act.is_main), None),
        "may_see_case": vote.subject_case is not None and may(request.user, "view", vote.subject_case),
    }
    return render(request, "members/votes/vote_detail.html", context)


_TONES = {
    BallotState.PLANNED: "neutral",
    BallotState.OPEN: "waiting",
    BallotState.CLOSED: "info",
    BallotState.ANNULLED: "neutral",
}


def _outcome_tone(result: Result | None) -> str:
    if result is None:
        return "neutral"
    return {"passed": "success", "elected": "success", "rejected": "danger", "void": "danger", "revote": "warning"}.get(
        result.outcome, "info"
    )


def _lines(vote: MeetingVote, result: Result | None) -> list[dict[str, Any]]:
    """Return the count as rows of a table: an answer or a candidate, the number, what became of them."""
    if result is None:
        return []
    if vote.ballot.kind == BallotKind.PROPOSAL:
        return [{"name": row.label, "count": row.count, "note": ""} for row in result.rows]
    return [
        {
            "name": row.title if vote.ballot.kind != BallotKind.GRADING else f"{row.title}: {row.label}",
            "count": row.count,
            "note": _("elected") if row.option in result.elected else _("level") if row.option in result.tied else "",
        }
        for row in result.rows
    ]


@never_cache
@require_GET
def vote_figures(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer how many have voted; to whoever leads the vote, before it the figures of the hall too."""
    vote = fetch(request.user, "view", MeetingVote, queryset=_rows(request), pk=pk)
    found: dict[str, Any] = {"state": vote.ballot.state}
    if vote.ballot.state != BallotState.PLANNED:
        figures = figures_of([vote.ballot])[vote.ballot_id]
        found |= {"voted": figures.voted, "present": figures.present, "left": figures.left}
    elif vote.may_lead:
        hall = hall_of(vote)
        found |= {"due": hall.due, "present": hall.present, "needed": hall.needed, "ready": hall.can_open}
    return JsonResponse(found)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the chair: its form, its service, what the button says, what the page says before."""

    form: type[forms.StepForm]
    perform: Callable[..., Any]
    label: Promise
    text: Promise
    done: Promise
    danger: bool = False


STEPS: dict[str, Step] = {
    "open": Step(
        forms.StepForm, services.open_vote, gettext_lazy("Open the vote"),
        gettext_lazy("Everybody who may vote and has come in can vote from now on."),
        gettext_lazy("The vote is open."),
    ),
    "admit": Step(
        forms.StepForm, services.admit_latecomers, gettext_lazy("Let latecomers vote"),
        gettext_lazy("Those who have come in since the opening may vote too and count as present."),
        gettext_lazy("They may vote now."),
    ),
    "close": Step(
        forms.StepForm, services.close_vote, gettext_lazy("Close the vote"),
        gettext_lazy("No vote comes in any more; the result is frozen with its arithmetic."),
        gettext_lazy("The vote is closed."),
    ),
    "annul": Step(
        forms.AnnulForm, services.annul_vote, gettext_lazy("Annul the vote"),
        gettext_lazy("What is in the box is thrown away unseen. The vote can be prepared anew."),
        gettext_lazy("The vote is annulled."), True,
    ),
    "written": Step(
        forms.WrittenForm, services.take_written, gettext_lazy("Put in a written opinion"),
        gettext_lazy("The formal opinion of somebody who cannot come. It counts in the vote, not among those present."),
        gettext_lazy("The opinion is in the box."),
    ),
    "papers": Step(
        forms.HandOutForm, services.hand_out_papers, gettext_lazy("Hand out papers"),
        gettext_lazy("For those who do not vote in the portal. Whoever has a paper can no longer vote here."),
        gettext_lazy("Noted. Enter the count when the tellers are done."),
    ),
    "count": Step(
        forms.CountForm, services.count_papers, gettext_lazy("Enter the count of papers"),
        gettext_lazy("What two tellers found in the box; entered again it replaces what was entered before."),
        gettext_lazy("The count is entered."),
    ),
    "record": Step(
        forms.RecordForm, services.record_step, gettext_lazy("Record in the case"),
        gettext_lazy("The result is entered in the case with the papers it leaves; the rules are asked again."),
        gettext_lazy("The result is recorded in the case."),
    ),
    "again": Step(
        forms.StepForm, services.hold_again, gettext_lazy("Vote again on the posts left"),
        gettext_lazy("Those who were level stand again; where nobody was, all who were not elected."),
        gettext_lazy("Another vote is prepared."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    label: str
    url: str
    is_main: bool = False


def _possible(request: HttpRequest, vote: MeetingVote) -> list[str]:
    """Return the steps that make sense now, the main one first; each service looks again for itself."""
    ballot, meeting = vote.ballot, vote.meeting
    if ballot.state == BallotState.PLANNED:
        first = ["open"] if meeting.state == MeetingState.IN_SESSION and hall_of(vote).can_open else []
        takes_written = TERMS[Rule(ballot.rule)].written and meeting.state == MeetingState.CONVENED
        return [*first, *(["written"] if takes_written else []), "annul"]
    if ballot.state == BallotState.OPEN:
        return _while_open(vote)
    if ballot.state != BallotState.CLOSED:
        return []
    result, found = shown_result(ballot), []
    if result is None or result.outcome == "void":
        return []
    if vote.subject_case and vote.record_id is None and may(request.user, "record", vote.subject_case):
        found.append("record")
    if result.open_seats and meeting.state == MeetingState.IN_SESSION and not vote.repeats.exists():
        found.append("again")
    return found


def _while_open(vote: MeetingVote) -> list[str]:
    electors = vote.ballot.electors
    found = ["close"]
    if electors.filter(is_present=True, voted_on=None).exists():
        found.append("papers")
    if electors.filter(way=Way.PAPER).exists():
        found.append("count")
    late = circle_of(vote).present
    if electors.filter(user__in=late, is_present=False, voted_on=None).exists():
        found.append("admit")
    return [*found, "annul"]


def _acts(request: HttpRequest, vote: Any) -> list[Act]:
    acts = []
    if vote.may_lead:
        acts = [
            Act(str(STEPS[verb].label), reverse("members:votes:vote-step", args=[vote.pk, verb]), place == 0)
            for place, verb in enumerate(_possible(request, vote))
        ]
        if acts and acts[0].url.endswith("/annul/"):
            acts[0] = Act(acts[0].label, acts[0].url)
    result = shown_result(vote.ballot)
    if vote.may_approve and vote.purpose == Purpose.ELECTION and vote.approved_on is None and result and result.elected:
        url = reverse("members:votes:election-approve", args=[vote.pk])
        acts.append(Act(_("Record the approval"), url, not any(act.is_main for act in acts)))
    return acts


class _VoteForm(ServiceFormMixin, FormView):
    """A form about one vote; back to its page afterwards."""

    template_name = "members/votes/vote_step.html"
    action = "lead"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.vote = fetch(request.user, self.action, MeetingVote, queryset=_rows(request), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"vote": self.vote}

    def form_valid(self, form: Any) -> HttpResponse:
        form.cleaned_data = form.values()
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return self.vote.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"vote": self.vote, "meeting": self.vote.meeting}


class VoteStepView(_VoteForm):
    """One step of the chair: shown with what it means, done when it is sent."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if kwargs["verb"] not in STEPS:
            raise Http404
        self.step = STEPS[kwargs["verb"]]
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> Any:
        return self.step.form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"label": self.step.label, "text": self.step.text, "danger": self.step.danger}
        return super().get_context_data(**kwargs) | context | {"effects": self._effects()}

    def _effects(self) -> list[str]:
        verb, ballot = self.kwargs["verb"], self.vote.ballot
        if verb == "open" and ballot.state == BallotState.PLANNED:
            hall = hall_of(self.vote)
            return [
                _("%(present)s of %(due)s who may vote are present; %(needed)s are needed.")
                % {"present": hall.present, "due": hall.due, "needed": hall.needed}
            ]
        if verb == "close" and ballot.is_open:
            figures = figures_of([ballot])[ballot.pk]
            return [_("%(voted)s of %(present)s have voted.") % {"voted": figures.voted, "present": figures.present}]
        return []

    def perform(self, **data: Any) -> Any:
        return self.step.perform(self.vote, by=self.request.user, **data)

    def get_success_message(self, data: dict[str, Any]) -> str:
        return str(self.step.done)


class ElectionApproveView(_VoteForm):
    """Record that the superior approved an election, which writes the posts."""

    form_class, action = forms.ApproveForm, "approve"

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "label": _("Record the approval"),
            "text": _("The posts are written from the day of the approval, with the duties that belong to them."),
            "effects": self._elected(),
            "danger": False,
        }
        return super().get_context_data(**kwargs) | context

    def _elected(self) -> list[str]:
        result = shown_result(self.vote.ballot)
        chosen = self.vote.ballot.options.filter(pk__in=result.elected if result else [])
        return [
            _("%(name)s becomes %(post)s.") % {"name": option.title, "post": self.vote.get_post_display()}
            for option in chosen
        ]

    def perform(self, **data: Any) -> Any:
        made = services.approve_election(self.vote, by=_person(self.request), **data)
        messages.success(self.request, _("The approval is recorded and the posts are written."))
        return made
