"""Lead a vote: one page for each step of the chair, and the superior's approval of an election."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.ballots.queries import figures_of, shown_result
from portal.ballots.vocabulary import BallotState
from portal.web.views import ServiceFormMixin

from .. import forms, services
from ..models import MeetingVote
from ..queries import hall_of
from .fetching import person_of, rows_of
from .steps import STEPS


class _VoteForm(ServiceFormMixin, FormView):
    """A form about one vote; back to its page afterwards."""

    template_name = "members/votes/vote_step.html"
    action = "lead"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.vote = fetch(request.user, self.action, MeetingVote, queryset=rows_of(request), pk=kwargs["pk"])
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
        return forms.record_form_of(self.vote) if self.kwargs["verb"] == "record" else self.step.form

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
        made = services.approve_election(self.vote, by=person_of(self.request), **data)
        messages.success(self.request, _("The approval is recorded and the posts are written."))
        return made
