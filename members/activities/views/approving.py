"""What waits for approval, the answer, and where an approval is asked for."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from portal.access.policy import duty_scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.reviews.queries import history
from portal.reviews.services import compare
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import AnswerForm, RuleForm
from ..models import State
from ..queries.lists import to_approve
from ..queries.places import rule_of, rules_shown
from .planning import OfActivity


@require_GET
def approval_list(request: HttpRequest) -> HttpResponse:
    """Show what waits, and beside it where an approval is asked for at all."""
    if not rights_of(request.user).holds(Duty.APPROVE_ACTIVITIES):
        raise PermissionDenied(_("Only those who approve activities have such a list."))
    context = {
        "page": numbered_page(request, to_approve(request.user)),
        "rules": rules_shown(request.user),
    }
    return render(request, "members/activities/approval_list.html", context)


class ActivityDecideView(OfActivity):
    """Read a plan in the version that waits, approve or return it."""

    action, states, form_class = "approve", (State.SUBMITTED,), AnswerForm
    template_name = "members/activities/activity_decide.html"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.activity.review.version_count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = list(self.activity.review.versions.order_by("-number")[:2])
        return super().get_context_data(**kwargs) | {
            "version": versions[0],
            "lines": versions[0].body.splitlines(),
            "changes": compare(versions[1], versions[0]) if len(versions) == 2 else [],
            "older": versions[1].number if len(versions) == 2 else None,
            "steps": list(history(self.activity.review)),
        }

    def perform(self, decision: str, words: str, version: int) -> Any:
        if decision == "approve":
            done = services.approve(self.activity, words=words, version=version, by=self.request.user)
            messages.success(self.request, _("“%(title)s” is approved.") % {"title": done.title})
        else:
            done = services.return_(self.activity, words=words, version=version, by=self.request.user)
            messages.success(self.request, _("“%(title)s” is with its starter again.") % {"title": done.title})
        return done

    def get_success_url(self) -> str:
        return reverse("members:activities:approval-list")


class RuleView(ServiceFormMixin, FormView):
    """Whether activities of a node and below wait for an approval."""

    form_class, template_name = RuleForm, "members/activities/rule_edit.html"
    success_url = None
    success_message = gettext_lazy("Saved.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        nodes = duty_scope(request.user, Duty.APPROVE_ACTIVITIES)
        try:
            node = nodes.filter(pk=pk, closed_on=None).first()
        except OverflowError as error:
            raise Http404 from error
        if node is None:
            raise Http404
        self.node = node
        return super().dispatch(request, *args, pk=pk)

    def get_initial(self) -> dict[str, Any]:
        return {"is_needed": {None: "", True: "yes", False: "no"}[rule_of(self.node)]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"node": self.node}

    def perform(self, is_needed: str) -> None:
        choice = {"": None, "yes": True, "no": False}[is_needed]
        services.set_rule(self.node, is_needed=choice, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("members:activities:approval-list")
