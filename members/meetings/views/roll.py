"""The chair's list: ticked by hand, with what was unusual about check-ins, and what was made up later."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch, may
from portal.imports.exports import workbook_response
from portal.web.forms import FilterForm
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms.session import MakeUpForm
from ..models import Attendance, AttendanceState, CheckInNote, Meeting, MeetingState
from ..queries.session import counts_of, remarks_on, roll_of, unseen_remarks

PER_PAGE = 100
ACTIONS: dict[str, Callable[..., int]] = {
    "in": services.call_roll,
    "online": services.call_online,
    "undo": services.undo_check_in,
    "left": services.note_leaving,
    "back": services.note_return,
}
OFFERS = {CheckInNote.Kind.AFTER_WINDOW: "confirm", CheckInNote.Kind.NOT_INVITED: "admit"}
MISSED = (AttendanceState.ABSENT, AttendanceState.LEAVE, AttendanceState.EXEMPT)


class RollFilterForm(FilterForm):
    words = forms.CharField(label=gettext_lazy("Name or number"), max_length=60, required=False)
    show = forms.ChoiceField(
        label=gettext_lazy("Show"),
        required=False,
        choices=[
            ("", gettext_lazy("everybody")),
            ("missing", gettext_lazy("who is not here")),
            ("here", gettext_lazy("who is here")),
        ],
    )


@require_http_methods(["GET", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the list, and note for those ticked that they are here, or are not."""
    rows = Meeting.objects.select_related("organization")
    meeting = fetch(request.user, "lead", Meeting, queryset=rows, pk=pk)
    form = RollFilterForm(request.GET)
    if request.method == "POST":
        return _noted(request, meeting)
    page = numbered_page(request, roll_of(meeting, **form.chosen), PER_PAGE)
    ended = meeting.state == MeetingState.ENDED
    context = {
        "meeting": meeting,
        "page": page,
        "rows": [{"row": row, "missed": ended and row.state in MISSED} for row in page],
        "counts": counts_of(meeting),
        "waiting": unseen_remarks(meeting),
        "filter_form": form,
        "filtered": bool(form.chosen),
        "here_url": reverse("members:meetings:roll", args=[pk]),
        "is_running": meeting.state == MeetingState.IN_SESSION,
        "has_ended": ended,
        "may_export": may(request.user, "export", meeting),
        "can_change": meeting.state in (MeetingState.CONVENED, MeetingState.IN_SESSION, MeetingState.ENDED),
    }
    return render(request, "members/meetings/roll.html", context)


def _noted(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    act = ACTIONS.get(request.POST.get("action", ""))
    chosen = {int(key) for key in request.POST.getlist("person") if key.isascii() and key.isdigit() and len(key) < 19}
    if act is None or not chosen:
        messages.warning(request, _("Tick at least one person, then say what to note."))
    else:
        count = act(meeting, chosen, by=request.user, at=timezone.now())
        words = ngettext("Noted for %(count)d person.", "Noted for %(count)d people.", count)
        messages.success(request, words % {"count": count})
    kept = request.GET.urlencode()
    return redirect(reverse("members:meetings:roll", args=[meeting.pk]) + (f"?{kept}" if kept else ""))


@require_POST
def roll_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the list as a workbook."""
    rows = Meeting.objects.select_related("organization")
    meeting = fetch(request.user, "lead", Meeting, queryset=rows, pk=pk)
    if not may(request.user, "export", meeting):
        raise PermissionDenied(_("You may lead this meeting, but not export lists here."))
    taken = services.list_workbook(meeting, by=request.user)
    return workbook_response(taken, meeting.organization, meeting.title, on=timezone.localdate(meeting.planned_at))


@require_http_methods(["GET", "POST"])
def note_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was unusual about check-ins; the chair says what counts, and nothing follows by itself."""
    rows = Meeting.objects.select_related("organization")
    meeting = fetch(request.user, "lead", Meeting, queryset=rows, pk=pk)
    if request.method == "POST":
        return _judged(request, meeting)
    page = numbered_page(request, remarks_on(meeting), PER_PAGE)
    context = {"meeting": meeting, "page": page, "lines": [(note, _offer(note)) for note in page]}
    return render(request, "members/meetings/note_list.html", context)


def _offer(note: Any) -> str:
    """Return what a remark can lead to besides being put aside, ``""`` for nothing."""
    return "" if note.seen_at or note.is_in else OFFERS.get(note.kind, "")


def _judged(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    key = request.POST.get("remark", "")
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
    rows = CheckInNote.objects.select_related("meeting", "user")
    note = fetch(request.user, "lead", CheckInNote, queryset=rows, pk=number, meeting=meeting.pk)
    now, action = timezone.now(), request.POST.get("action", "")
    if action == "confirm":
        services.confirm_later(note, by=request.user, at=now)
        messages.success(request, _("%(name)s is noted as come in.") % {"name": note.user.name})
    elif action == "admit":
        services.admit_observer(note, by=request.user, at=now)
        messages.success(request, _("%(name)s takes part as an observer.") % {"name": note.user.name})
    elif action == "seen":
        services.look_at(note, by=request.user, at=now)
        messages.success(request, _("The remark is put aside."))
    else:
        messages.warning(request, _("Say what shall become of the remark."))
    return redirect("members:meetings:note-list", meeting.pk)


class AttendanceMakeUpView(ServiceFormMixin, FormView):
    """Record how somebody made up for a meeting that was missed."""

    form_class, template_name = MakeUpForm, "members/meetings/attendance_make_up.html"
    success_message = gettext_lazy("It is noted as made up.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, person: int) -> HttpResponse:
        rows = Attendance.objects.select_related("meeting__organization", "user")
        self.attendance = fetch(request.user, "lead", Attendance, queryset=rows, pk=person, meeting=pk)
        return super().dispatch(request, *args, pk=pk, person=person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"attendance": self.attendance, "meeting": self.attendance.meeting}

    def perform(self, **data: Any) -> Attendance:
        return services.make_up(self.attendance, by=self.request.user, **data)

    def get_success_url(self) -> str:
        return reverse("members:meetings:roll", args=[self.attendance.meeting_id])
