"""Answer an invitation, signed in or by the link of a mail, and decide about leave."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin, add_refusal

from .. import forms, services
from ..links import attendance_behind
from ..models import Attendance, Meeting, MeetingState
from ..queries.meetings import for_page, keeps, leave_to_decide


class MeetingAnswerView(ServiceFormMixin, FormView):
    """The answer of whoever is invited."""

    form_class, template_name = forms.AnswerForm, "members/meetings/meeting_answer.html"
    success_message = _("Your answer is kept. You can change it until the meeting begins.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.meeting = fetch(request.user, "answer", Meeting, queryset=for_page(request.user), pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_initial(self) -> dict[str, Any]:
        own = self.meeting.attendances.filter(user=self.request.user.pk).first()
        return {"answer": own.answer, "words": own.leave_words} if own else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"meeting": self.meeting, "is_open": _is_open(self.meeting)}

    def perform(self, *, answer: str, words: str) -> Attendance:
        return services.answer(self.meeting, self.request.user, answer=answer, words=words, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("members:meetings:meeting-detail", args=[self.meeting.pk])


def _is_open(meeting: Meeting) -> bool:
    return meeting.state == MeetingState.CONVENED and timezone.now() < meeting.planned_at


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Let the reader of a mail answer without signing in; looking at the page changes nothing.

    It shows what the mail said already, and nothing else of the meeting or of other people.
    """
    row = attendance_behind(token)
    if row is None:
        raise Http404
    meeting = row.meeting
    is_open = _is_open(meeting)
    form = forms.AnswerForm(request.POST if request.method == "POST" else None, initial=_answered(row))
    done = False
    if request.method == "POST" and form.is_valid():
        try:
            row = services.answer(meeting, row.user, at=timezone.now(), **form.cleaned_data)
            done = True
        except ValidationError as refusal:
            add_refusal(form, refusal)
    refused = request.method == "POST" and not done
    context = {"meeting": meeting, "row": row, "form": form, "is_open": is_open, "done": done, "token": token}
    response = render(
        request, "members/meetings/answer_by_link.html", context, status=409 if refused and not is_open else 200
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answered(row: Attendance) -> dict[str, str]:
    return {"answer": row.answer, "words": row.leave_words}


@require_GET
def leave_list(request: HttpRequest) -> HttpResponse:
    """Show the requests for leave that wait for the reader."""
    page = numbered_page(request, leave_to_decide(request.user, timezone.localdate()))
    return render(request, "members/meetings/leave_list.html", {"page": page, "keeps": keeps(request.user)})


class LeaveDecideView(ServiceFormMixin, FormView):
    """Grant or refuse one request."""

    form_class, template_name = forms.LeaveDecisionForm, "members/meetings/leave_decide.html"
    success_message = _("Your decision is kept and the person is told.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        rows = Attendance.objects.select_related("meeting__organization", "user", "leave_decided_by")
        self.row = fetch(request.user, "grant_leave", Attendance, queryset=rows, pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"row": self.row, "meeting": self.row.meeting}

    def perform(self, *, decision: str, words: str) -> Attendance:
        return services.decide_leave(
            self.row, grants=decision == "grant", words=words, by=self.request.user, at=timezone.now()
        )

    def get_success_url(self) -> str:
        return reverse("members:meetings:meeting-detail", args=[self.row.meeting_id])


