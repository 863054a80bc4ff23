"""The meeting in which an appraisal is held, its days, and taking it back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from portal.access.policy import duty_scope, fetch
from portal.organizations.duties import Duty

from .. import services
from ..forms import CallOffForm, DaysForm, MeetingForm
from ..models import Appraisal
from ..queries.gathering import KIND, meetings_for
from .steps import OneAppraisal


class MeetingView(OneAppraisal):
    """Choose the meeting, or plan one."""

    form_class, template_name = MeetingForm, "members/appraisals/meeting.html"
    success_message = gettext_lazy("The appraisal is held in this meeting.")

    def words(self) -> tuple[str, str, list[str]]:
        effects = [
            _("The day of the meeting is the day of the ballot."),
            _("The ballot opens to those who have checked in, and not below half of those who may vote."),
            _("The minutes of the meeting say how many took part and, once it is confirmed, what came of it."),
        ]
        return _("The meeting of the appraisal"), _("Hold it in this meeting"), effects

    def get_form_kwargs(self) -> dict[str, Any]:
        self.meetings = meetings_for(self.appraisal, self.request.user)
        return super().get_form_kwargs() | {"meetings": self.meetings}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.appraisal
        may_plan = duty_scope(self.request.user, Duty.HOLD_MEETINGS).filter(pk=row.organization_id).exists()
        asked = {"organization": row.organization_id, "template": KIND.value, "on": row.ballot_on.isoformat()}
        return super().get_context_data(**kwargs) | {
            "is_any": self.meetings.exists(),
            "plan_url": f"{reverse('members:meetings:meeting-create')}?{urlencode(asked)}" if may_plan else "",
        }

    def perform(self, **data: Any) -> Appraisal:
        return services.hold_in(self.appraisal, data["meeting"], by=self.request.user)


class MeetingLeaveView(OneAppraisal):
    """Hold the ballot in the portal alone."""

    success_message = gettext_lazy("The appraisal is held without a meeting.")

    def words(self) -> tuple[str, str, list[str]]:
        effects = [_("The ballot is open to everybody at once when you go on; nobody need be in a room.")]
        return _("Hold it without a meeting"), _("Hold it without a meeting"), effects

    def perform(self, **data: Any) -> Appraisal:
        return services.hold_without(self.appraisal, by=self.request.user)


@require_POST
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """Let those vote who have come into the meeting since the ballot was opened."""
    appraisal = fetch(request.user, "hold", Appraisal, queryset=Appraisal.objects.with_places(), pk=pk)
    late = services.admit_latecomers(appraisal, by=request.user)
    words = ngettext("%(count)d more person may vote.", "%(count)d more people may vote.", late)
    messages.success(request, words % {"count": late})
    return redirect(appraisal.get_absolute_url())


class DaysView(OneAppraisal):
    """Other days for self-appraisals and ballot."""

    form_class = DaysForm
    success_message = gettext_lazy("The days are changed, and every participant has been told.")

    def get_initial(self) -> dict[str, Any]:
        return {"self_until": self.appraisal.self_until, "ballot_on": self.appraisal.ballot_on}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"in_meeting": self.appraisal.meeting_id is not None}

    def words(self) -> tuple[str, str, list[str]]:
        effects = [_("Every participant is told of the new days.")]
        if self.appraisal.meeting_id is not None:
            effects.append(_("The ballot is on the day of the meeting: change the day there."))
        return _("Change the days"), _("Change the days"), effects

    def perform(self, **data: Any) -> Appraisal:
        given = {"ballot_on": self.appraisal.ballot_on} | data
        return services.change_days(self.appraisal, by=self.request.user, on=timezone.localdate(), **given)


class CallOffView(OneAppraisal):
    """Take back what was announced by mistake."""

    form_class = CallOffForm
    success_message = gettext_lazy("The appraisal is taken back, and every participant has been told.")

    def words(self) -> tuple[str, str, list[str]]:
        effects = [
            _("Every participant is told, with your words."),
            _("The year is free again: another appraisal can be announced."),
        ]
        return _("Take the appraisal back"), _("Take it back"), effects

    def perform(self, **data: Any) -> None:
        services.call_off(self.appraisal, by=self.request.user, **data)

    def get_success_url(self) -> str:
        return reverse("members:appraisals:appraisal-list")
