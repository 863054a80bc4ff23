"""What somebody does for oneself: enrol, withdraw, hand something in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.drafts.views import DraftMixin

from .. import services
from ..forms import ContributionForm, EnrolForm, TeamForm
from ..models import Contribution, Enrolment, EnrolmentState, State
from ..queries.contests import own_contribution
from ..queries.people import place_of
from .planning import OfActivity


class EnrolView(OfActivity):
    """Look once more, then take a place or one on the waiting list."""

    action, states, form_class = "enrol", (State.APPROVED,), EnrolForm
    template_name = "members/activities/enrol.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        teams = list(self.activity.teams.values_list("name", flat=True)) if self.activity.team_size else []
        return super().get_form_kwargs() | {"activity": self.activity, "teams": teams}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.activity
        is_full = row.limit is not None and row.enrolled >= row.limit
        return super().get_context_data(**kwargs) | {
            "is_full": is_full or row.waiting > 0,
            "phase": row.phase(timezone.now()),
        }

    def perform(self, team: str = "") -> Enrolment:
        place = services.enrol(self.activity, self.request.user, team=team)
        if place.state == EnrolmentState.WAITING:
            words = _("You are on the waiting list. You are told when a place becomes free.")
            messages.info(self.request, words)
        else:
            messages.success(self.request, _("You have a place. It stands on your workbench."))
        return place


class WithdrawView(OfActivity):
    """Give a place up."""

    action, states = "enrol", (State.APPROVED,)
    template_name = "members/activities/question.html"
    success_message = gettext_lazy("You have withdrawn.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        effects = [_("Your place goes to whoever waits longest.")]
        if self.activity.takes_contributions:
            effects.append(_("What you handed in alone is removed."))
        return super().get_context_data(**kwargs) | {
            "label": _("Withdraw from the activity"),
            "text": self.activity.title,
            "effects": effects,
            "danger": True,
        }

    def perform(self) -> Any:
        return services.withdraw(self.activity, self.request.user)


class TeamView(OfActivity):
    """Join a team, make one, or leave the own."""

    action, states, form_class = "contribute", (State.APPROVED,), TeamForm
    template_name = "members/activities/question.html"
    success_message = gettext_lazy("Your team is changed.")

    def get_initial(self) -> dict[str, Any]:
        place = place_of(self.activity, self.request.user)
        return {"team": place.team.name if place is not None and place.team is not None else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        teams = "、".join(self.activity.teams.values_list("name", flat=True))
        effects = [_("Teams so far: %(names)s") % {"names": teams}] if teams else []
        if self.activity.takes_contributions:
            effects.append(_("Joining a team removes what you handed in alone; what a team handed in stays with it."))
        return super().get_context_data(**kwargs) | {
            "label": _("Change my team"),
            "text": self.activity.title,
            "effects": effects,
            "danger": False,
        }

    def perform(self, team: str) -> Enrolment:
        return services.change_team(self.activity, self.request.user, team=team)


class ContributeView(DraftMixin, OfActivity):
    """Hand in, or replace, what one takes part with."""

    action, states, form_class = "contribute", (State.APPROVED,), ContributionForm
    template_name = "members/activities/contribute.html"
    success_message = gettext_lazy("Handed in. You can replace it until the activity begins.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.pk = pk
        return super().dispatch(request, *args, pk=pk, **kwargs)

    def draft_key(self) -> str:
        return f"contribution:{self.pk}"

    def get_initial(self) -> dict[str, Any]:
        present = self._present()
        found = {"title": present.title, "text": present.text, "file": present.file} if present else {}
        return found | super().get_initial()

    def _present(self) -> Contribution | None:
        place = place_of(self.activity, self.request.user)
        return own_contribution(self.activity, place) if place is not None else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, **data: Any) -> Contribution:
        return services.contribute(self.activity, self.request.user, **data)
