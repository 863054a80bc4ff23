"""Who comes beyond the circle, and who leads when it turns out differently on the day."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.web.views import ServiceFormMixin

from .. import forms, services
from ..models import Attendance, Meeting, MeetingState
from ..queries.meetings import for_page


class _OfMeeting(ServiceFormMixin, FormView):
    """A form about one meeting, which leads back to it."""

    action = "lead"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.meeting = fetch(request.user, self.action, Meeting, queryset=for_page(request.user), pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"meeting": self.meeting}

    def get_success_url(self) -> str:
        return reverse("members:meetings:meeting-detail", args=[self.meeting.pk])


class GuestInviteView(_OfMeeting):
    """Invite somebody from outside the circle."""

    form_class, template_name = forms.GuestForm, "members/meetings/guest_form.html"
    success_message = gettext_lazy("The guest is invited.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_over = self.meeting.state in (MeetingState.ENDED, MeetingState.CANCELLED)
        return super().get_context_data(**kwargs) | {"is_over": is_over}

    def perform(self, *, person: Any, words: str) -> Attendance:
        return services.invite_guest(self.meeting, person, words=words, by=self.request.user)

    def get_success_url(self) -> str:
        return super().get_success_url() + "#circle"


@require_POST
def guest_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the invitation of a guest back."""
    rows = Attendance.objects.select_related("meeting__organization", "user")
    row = fetch(request.user, "lead", Attendance, queryset=rows, pk=pk)
    services.withdraw_guest(row, by=request.user)
    messages.success(request, _("%(name)s is not expected any more.") % {"name": row.user.name})
    return HttpResponseRedirect(reverse("members:meetings:meeting-detail", args=[row.meeting_id]) + "#circle")


class LeadersView(_OfMeeting):
    """Let somebody else chair or record."""

    action = "hold"
    form_class, template_name = forms.LeadersForm, "members/meetings/leaders_form.html"
    success_message = gettext_lazy("Chair and recorder are kept.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"meeting": self.meeting}

    def get_initial(self) -> dict[str, Any]:
        return {"chair": self.meeting.chair_id, "recorder": self.meeting.recorder_id}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_over = self.meeting.state in (MeetingState.ENDED, MeetingState.CANCELLED)
        return super().get_context_data(**kwargs) | {"is_over": is_over}

    def perform(self, **data: Any) -> Meeting:
        return services.change_leaders(self.meeting, by=self.request.user, **data)
