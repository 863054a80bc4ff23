"""Writing a plan, the last look before it is handed in, and what its starter may still do with it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.drafts.views import DraftMixin
from portal.web.views import ServiceFormMixin, refused

from .. import services
from ..forms import MOMENT, ActivityForm, AdjustForm, CancelForm, EmptyForm, SubmitForm
from ..models import CANCELLABLE, WRITABLE, Activity, State
from ..queries.places import approval_needed, startable
from ..rules import gaps_of
from ..services.planning import plan_of, plan_text
from .lists import fetched


def moved_on(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Answer that the state of the moment does not allow it."""
    words = _("This cannot be done now: the activity is in the state “%(state)s”.")
    return refused(request, [words % {"state": State(activity.state).label}])


class ActivityCreateView(DraftMixin, ServiceFormMixin, FormView):
    """A new plan; it stays the writer's until it is handed in."""

    form_class, template_name = ActivityForm, "members/activities/activity_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not startable(request.user).exists():
            raise PermissionDenied(_("Only those who belong to an organization start activities."))
        return super().dispatch(request, *args, **kwargs)

    def draft_key(self) -> str:
        return "activity:new"

    def get_initial(self) -> dict[str, Any]:
        begun = super().get_initial()
        named = self.request.GET.get("like", "")
        if self.request.method == "GET" and named.isascii() and named.isdecimal() and len(named) < 19:
            # Chosen just now, it goes before what was begun earlier.
            row = fetch(self.request.user, "view", Activity, pk=named)
            return begun | ActivityForm.initial_like(row, self.request.user)
        return ActivityForm.initial_for(self.request.user) | begun

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"activity": None}

    def form_valid(self, form: Any) -> HttpResponse:
        self.details = form.details()
        return super().form_valid(form)

    def perform(self, **data: Any) -> Activity:
        return services.start_activity(self.details, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("members:activities:activity-submit", args=[self.result.pk])


class ActivityEditView(DraftMixin, ServiceFormMixin, FormView):
    """A draft, or a plan that came back, written anew."""

    form_class, template_name = ActivityForm, "members/activities/activity_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.activity = fetched(request, "change", pk)
        if self.activity.state not in WRITABLE:
            return moved_on(request, self.activity)
        return super().dispatch(request, *args, pk=pk)

    def draft_key(self) -> str:
        return f"activity:{self.activity.pk}"

    def get_initial(self) -> dict[str, Any]:
        return ActivityForm.initial_of(self.activity) | super().get_initial()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"activity": self.activity}

    def form_valid(self, form: Any) -> HttpResponse:
        self.details, self.version = form.details(), form.cleaned_data.get("version") or 0
        return super().form_valid(form)

    def perform(self, **data: Any) -> Activity:
        return services.change_activity(self.activity, self.details, version=self.version, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("members:activities:activity-submit", args=[self.activity.pk])


class OfActivity(ServiceFormMixin, FormView):
    """A question about one activity: ``action`` of its policy, and the states in which it can be asked."""

    action = ""
    states: tuple[str, ...] = ()
    form_class: Any = EmptyForm

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.activity = fetched(request, self.action, pk)
        if self.activity.state not in self.states:
            return moved_on(request, self.activity)
        return super().dispatch(request, *args, pk=pk, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"activity": self.activity}

    def get_success_url(self) -> str:
        return self.activity.get_absolute_url()


class ActivitySubmitView(OfActivity):
    """The plan as others will read it, with what still keeps it back."""

    action, states, form_class = "submit", WRITABLE, SubmitForm
    template_name = "members/activities/activity_submit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        gaps = gaps_of(plan_of(self.activity), now=timezone.now())
        return super().get_context_data(**kwargs) | {
            "lines": plan_text(self.activity).splitlines(),
            "gaps": [gap.label for gap in gaps],
            "needs_approval": approval_needed(self.activity.organization),
        }

    def perform(self) -> Activity:
        done = services.submit(self.activity, by=self.request.user)
        if done.state == State.SUBMITTED:
            messages.success(self.request, _("Handed in. You are told as soon as it is decided."))
        else:
            messages.success(self.request, _("The activity is announced; people can enrol as planned."))
        return done


class ActivityDiscardView(OfActivity):
    """Throw a draft away."""

    action, states = "change", (State.DRAFT,)
    template_name = "members/activities/question.html"
    success_message = gettext_lazy("The draft is gone.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "label": _("Throw the draft away"),
            "text": self.activity.title,
            "effects": [_("Nobody but you has seen it. It cannot be brought back.")],
            "danger": True,
        }

    def perform(self) -> None:
        services.discard_draft(self.activity, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("members:activities:activity-list") + "?mine=started"


class ActivityAdjustView(OfActivity):
    """Another time or place, more places; everything else was approved and stays."""

    action, states, form_class = "lead", (State.APPROVED,), AdjustForm
    template_name = "members/activities/question.html"
    success_message = gettext_lazy("Changed.")

    def get_initial(self) -> dict[str, Any]:
        row = self.activity
        return {
            "begins_at": timezone.localtime(row.begins_at).strftime(MOMENT),
            "ends_at": timezone.localtime(row.ends_at).strftime(MOMENT),
            "place": row.place, "online_url": row.online_url, "limit": row.limit,
        }  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "label": _("Change time, place or places"),
            "text": self.activity.title,
            "effects": [
                _("Whoever is enrolled or waits is told of another time or place; the approvers of another time."),
                _("Enrolment closes as long before the new beginning as was planned."),
                _("When places are added, people move up from the waiting list and are told."),
            ],
            "danger": False,
        }

    def perform(self, **data: Any) -> Any:
        return services.adjust(self.activity, by=self.request.user, **data)

    def get_success_url(self) -> str:
        return reverse("members:activities:activity-desk", args=[self.activity.pk])


class ActivityCancelView(OfActivity):
    """Call an activity off."""

    action, states, form_class = "cancel", CANCELLABLE, CancelForm
    template_name = "members/activities/question.html"
    success_message = gettext_lazy("The activity is called off.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = {"enrolled": self.activity.enrolled, "waiting": self.activity.waiting}
        return super().get_context_data(**kwargs) | {
            "label": _("Call the activity off"),
            "text": self.activity.title,
            "effects": [
                _("%(enrolled)d enrolled and %(waiting)d waiting are told, with your words.") % counts,
                _("It cannot be taken up again; start a new one instead."),
            ],
            "danger": True,
        }

    def perform(self, words: str) -> Activity:
        return services.cancel(self.activity, words=words, by=self.request.user)
