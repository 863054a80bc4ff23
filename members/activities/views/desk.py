"""The organizer's desk: who comes, who was there, the jury, the vote, pictures, the end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from portal.ballots.queries import figures_of
from portal.imports.exports import workbook_response
from portal.web.views import add_refusal

from .. import services
from ..forms import AttendanceForm, FinishForm, PicturesForm
from ..models import SHOWN, Activity, EnrolmentState, State
from ..queries.contests import jury_of, table
from ..queries.people import came_to, gallery, listed
from .contests import led
from .lists import facts, fetched
from .planning import OfActivity, moved_on


@require_GET
def activity_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whoever leads an activity everything about it on one page."""
    activity = fetched(request, "lead", pk)
    if activity.state not in SHOWN:
        return moved_on(request, activity)
    return _drawn(request, activity, AttendanceForm())


def _drawn(
    request: HttpRequest, activity: Activity, form: AttendanceForm, *, ticked: set[int] | None = None, status: int = 200
) -> HttpResponse:
    """Draw the desk; ``ticked`` are the ticks that were sent and refused, ``None`` those that are recorded."""
    now, people, ballot = timezone.now(), list(listed(activity)), activity.ballot
    begun = now >= activity.begins_at
    for row in people:
        waits = row.state == EnrolmentState.WAITING
        row.ticked = (bool(row.attended) or row.attended is None and not waits) if ticked is None else row.pk in ticked
    jury = jury_of(activity) if activity.takes_contributions else []
    context = {
        "activity": activity,
        **facts(activity, now),
        "enrolled": [row for row in people if row.state == EnrolmentState.ENROLLED],
        "waiting": [row for row in people if row.state == EnrolmentState.WAITING],
        "form": form,
        "sign": services.sign_of(activity),
        "begun": begun,
        "ended": now >= activity.ends_at,
        "may_tick": begun and (activity.finished_at is None or now <= activity.finished_at + services.CORRECTABLE),
        "may_adjust": not begun and activity.state == State.APPROVED,
        "contributions": list(table(activity)) if activity.takes_contributions else [],
        "jury": jury,
        "jury_waits": any(row["done"] < row["total"] for row in jury),
        "ballot": ballot,
        "figures": figures_of([ballot])[ballot.pk] if ballot is not None else None,
        "is_finished": activity.state == State.FINISHED,
        "repeat_url": reverse("members:activities:activity-create") + f"?like={activity.pk}",
    }
    return render(request, "members/activities/activity_desk.html", context, status=status)


@require_POST
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Write who was there, by the ticks of the list and the numbers of those who just came."""
    activity = fetched(request, "lead", pk)
    if activity.state not in SHOWN:
        return moved_on(request, activity)
    form = AttendanceForm(request.POST)
    sent = [value for value in request.POST.getlist("present") if value.isascii() and value.isdecimal()]
    ticked: set[int] | None = {int(value) for value in sent if len(value) < 19}
    if form.is_valid():
        try:
            services.record_attendance(
                activity, ticked, more=form.cleaned_data["more"], seen=form.cleaned_data["seen"], by=request.user
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
            # A list that changed meanwhile is shown as it stands, not as it was ticked.
            ticked = None if getattr(refusal, "code", "") == "moved_on" else ticked
    if form.errors:
        return _drawn(request, activity, form, ticked=ticked, status=422)
    messages.success(request, _("Who was there is recorded."))
    return redirect("members:activities:activity-desk", pk=pk)


@require_POST
def enrolment_close(request: HttpRequest, pk: int) -> HttpResponse:
    return led(request, pk, services.close_enrolment, _("Nobody can enrol any more."))


@require_POST
def enrolment_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return led(request, pk, services.reopen_enrolment, _("People can enrol again."))


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the list of those enrolled as a workbook."""
    activity = fetched(request, "export", pk)
    taken = services.attendance_workbook(activity, by=request.user)
    return workbook_response(taken, activity.organization, activity.title, on=timezone.localdate())


class PicturesView(OfActivity):
    """Add pictures, and see those that are there."""

    action, states, form_class = "lead", SHOWN, PicturesForm
    template_name = "members/activities/pictures.html"
    success_message = gettext_lazy("The pictures are added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"pictures": gallery(self.activity)}

    def perform(self, pictures: list[Any]) -> Any:
        return services.add_pictures(self.activity, pictures, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("members:activities:pictures", args=[self.activity.pk])


class PictureRemoveView(OfActivity):
    """Take one picture away."""

    action, states = "lead", SHOWN
    template_name = "members/activities/question.html"
    success_message = gettext_lazy("The picture is removed.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.picture = kwargs.pop("picture")
        return super().dispatch(request, *args, pk=pk, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._picture()
        return super().get(request, *args, **kwargs)

    def _picture(self) -> Any:
        try:
            found = self.activity.pictures.filter(pk=self.picture).first()
        except OverflowError as error:
            raise Http404 from error
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "label": _("Remove the picture"),
            "text": self._picture().name,
            "effects": [_("It cannot be brought back.")],
            "danger": True,
        }

    def perform(self) -> None:
        services.remove_picture(self.activity, self._picture(), by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("members:activities:pictures", args=[self.activity.pk])


class FinishView(OfActivity):
    """Say how it went and end the activity."""

    action, states, form_class = "lead", (State.HELD,), FinishForm
    template_name = "members/activities/question.html"
    success_message = gettext_lazy("The activity is finished.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        activity = self.activity
        came = came_to(activity)
        effects = [_("The stream of the organization tells of it, and everyone who took part is told.")]
        if activity.minutes:
            words = {"count": came, "minutes": activity.minutes, "kind": activity.get_hour_kind_display()}
            effects.insert(0, _("%(minutes)d minutes of %(kind)s are entered for each of %(count)d people.") % words)
        return super().get_context_data(**kwargs) | {
            "label": _("Finish the activity"),
            "text": activity.title,
            "effects": effects,
            "danger": False,
        }

    def perform(self, story: str) -> Any:
        return services.finish(self.activity, story=story, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("members:activities:results", args=[self.activity.pk])
