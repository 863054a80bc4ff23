"""One meeting: its page, and the steps of whoever holds it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import forms, services
from ..models import Attendance, Meeting, MeetingState
from ..queries.circles import busy_at, called, circle_of
from ..queries.meetings import agenda_of, circle_count, circle_rows, for_page
from ..rules.day import last_decision_on_leave, window_of
from ..words import agenda_with_times, tone_of

# What other parts of organizational life draw on the page of a meeting, from the meeting itself.
SESSION = "members/meetings/_session.html"
PARTIALS = (
    SESSION, "members/votes/_votes.html", "members/appraisals/_meeting.html",
    "members/minutes/_minutes.html",
)  # fmt: skip
CIRCLE_SHOWN = 60
# Of a larger circle numbers say more than names.
NAMES_AT_MOST = 300


@require_GET
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a meeting to whoever is invited, leads it or keeps it: the own answer first, then circle and agenda."""
    meeting = fetch(request.user, "view", Meeting, queryset=for_page(request.user), pk=pk)
    now = timezone.now()
    circle = circle_rows(request.user, meeting)
    page = numbered_page(request, circle, CIRCLE_SHOWN)
    own = next((row for row in page if row.user_id == request.user.pk), None)
    if own is None and meeting.may_answer:  # type: ignore[attr-defined]
        own = circle.filter(user=request.user.pk).first()
    sees_circle = page.paginator.count > (1 if own else 0)
    can_answer = own is not None and _takes_answer(own, meeting, now)
    context = _drawn(meeting, now) | _steps(meeting, now) | {
        "meeting": meeting,
        "tone": tone_of(meeting.state),
        "parts": list(meeting.parts.all()),
        "agenda": agenda_with_times(meeting, agenda_of(meeting)),
        "own": own,
        "can_answer": can_answer,
        "answer_form": forms.AnswerForm(initial=_answered(own)) if can_answer else None,
        "circle": page if sees_circle else None,
        "counts": circle_count(circle.order_by()) if sees_circle else None,
    }
    return render(request, "members/meetings/meeting_detail.html", context)


def _drawn(meeting: Meeting, now: datetime) -> dict[str, list[str]]:
    """Return the parts of the page that others draw; once people come in, the way there stands before everything."""
    found = []
    for name in PARTIALS:
        try:
            get_template(name)
        except TemplateDoesNotExist:
            continue
        found.append(name)
    is_open = meeting.state == MeetingState.IN_SESSION or (
        meeting.state == MeetingState.CONVENED and now in window_of(meeting.planned_at, meeting.planned_until)
    )
    first = [SESSION] if is_open and SESSION in found else []
    return {"first": first, "partials": [name for name in found if name not in first]}


def _steps(meeting: Any, now: datetime) -> dict[str, bool]:
    """Return what the reader may do with the meeting as it stands."""
    is_ahead = meeting.state in (MeetingState.PLANNED, MeetingState.CONVENED)
    goes_on = is_ahead or meeting.state == MeetingState.IN_SESSION
    return {
        "decides": meeting.may_grant_leave and _takes_decisions(meeting, now),
        "may_edit": meeting.may_hold and is_ahead,
        "may_convene": meeting.may_hold and meeting.state == MeetingState.PLANNED and now < meeting.planned_at,
        "may_draft": meeting.may_lead and goes_on,
        "may_change_leaders": meeting.may_hold and goes_on,
    }


def _takes_answer(own: Attendance, meeting: Meeting, now: datetime) -> bool:
    return own.checked_in_at is None and meeting.state == MeetingState.CONVENED and now < meeting.planned_at


def _takes_decisions(meeting: Meeting, now: datetime) -> bool:
    """Say whether leave from the meeting can be decided: also when it was forgotten until after the end."""
    if meeting.state == MeetingState.ENDED and meeting.ended_at is not None:
        return now <= last_decision_on_leave(meeting.ended_at)
    return meeting.state in (MeetingState.CONVENED, MeetingState.IN_SESSION)


def _answered(own: Any) -> dict[str, str]:
    return {"answer": own.answer, "words": own.leave_words}


class _MeetingStep(ServiceFormMixin, FormView):
    """A step of the meeting that whoever holds it confirms."""

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.meeting = fetch(request.user, "hold", Meeting, queryset=for_page(request.user), pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"meeting": self.meeting}

    def get_success_url(self) -> str:
        return reverse("members:meetings:meeting-detail", args=[self.meeting.pk])


class MeetingConveneView(_MeetingStep):
    """Show who will be invited, then convene."""

    form_class, template_name = forms.ConveneForm, "members/meetings/meeting_convene.html"
    success_message = _("The meeting is convened and everybody in its circle is told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        circle = circle_of(self.meeting)
        seats = list(circle.values())
        due = [seat for seat in seats if seat.capacity == "due"]
        return super().get_context_data(**kwargs) | {
            "due": len(due),
            "voting": sum(seat.may_vote and not seat.excluded_words for seat in due),
            "exempt": sum(bool(seat.exempt_words) for seat in due),
            "observers": len(seats) - len(due),
            "guests": self.meeting.attendances.exclude(guest_words="").count(),
            "called": called(seats) if len(seats) <= NAMES_AT_MOST else None,
            "busy": busy_at(self.meeting, [seat.user_id for seat in due]),
            "agenda": agenda_with_times(self.meeting, agenda_of(self.meeting)),
        }

    def perform(self, **data: Any) -> Meeting:
        return services.convene(self.meeting, by=self.request.user, at=timezone.now())


class MeetingCancelView(_MeetingStep):
    """Call the meeting off, with the reason."""

    form_class, template_name = forms.CancelForm, "members/meetings/meeting_cancel.html"
    success_message = _("The meeting is called off.")

    def perform(self, *, words: str) -> Meeting:
        return services.cancel(self.meeting, words=words, by=self.request.user, at=timezone.now())
