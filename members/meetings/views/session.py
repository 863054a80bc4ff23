"""The page of a sitting while it runs: the picture on the wall, the figures of the hall, the agenda now."""

import hashlib
import re
from datetime import datetime, time, timedelta
from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.access.policy import fetch, with_power
from portal.web.views import refused

from .. import services
from ..forms.session import CloseForm
from ..models import AgendaItem, Meeting, MeetingState
from ..queries.session import agenda_of, attendance_of, came_last, counts_of, undecided_leave, unseen_remarks
from ..rules.codes import SLOT_SECONDS, begin_of, scan_code, slot_of, typed_code
from ..rules.day import first_at, window_of

# Votes hang on meetings, not the other way round: their part of the page is drawn where their room is installed.
_VOTES = "members/votes/_votes.html"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
# Longer after the planned end, somebody forgot to close and the page offers that end.
LONG_AFTER = timedelta(hours=1)
NAMES_SHOWN = 12
VERBS = {"take-up": services.take_up, "finish": services.finish}


@require_GET
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sitting on the big screen; whoever leads it opens, goes on and closes from here."""
    meeting = fetch(request.user, "lead", Meeting, queryset=_meetings(request), pk=pk)
    now = timezone.now()
    with_names = request.GET.get("names") == "1"
    address = reverse("members:meetings:session", args=[pk])
    live = reverse("members:meetings:session-live", args=[pk])
    context = _live(request, meeting) | {
        "with_names": with_names,
        "names_url": address if with_names else f"{address}?names=1",
        "live_url": f"{live}?names=1" if with_names else live,
        "may_draft": meeting.state in (MeetingState.CONVENED, MeetingState.IN_SESSION),
        "code": _code(request, meeting),
        "can_open": meeting.state == MeetingState.CONVENED
        and now in window_of(meeting.planned_at, meeting.planned_until),
        "opens_at": window_of(meeting.planned_at, meeting.planned_until).first,
        "is_running": meeting.state == MeetingState.IN_SESSION,
        "has_ended": meeting.state == MeetingState.ENDED,
    }
    return render(request, "members/meetings/session.html", context)


@require_GET
def session_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the figures, the agenda and the votes anew; 304 while nothing has changed."""
    meeting = fetch(request.user, "view", Meeting, queryset=_meetings(request), pk=pk)
    text = render_to_string("members/meetings/_live.html", _live(request, meeting), request)
    tag = hashlib.blake2b(_TOKEN.sub("", text).encode(), digest_size=12).hexdigest()
    if tag in request.headers.get("If-None-Match", ""):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(text)
    answer["ETag"] = f'"{tag}"'
    return answer


@require_GET
def session_code(request: HttpRequest, pk: int) -> JsonResponse:
    """Return the code that the screen shows now, and for how long."""
    meeting = fetch(request.user, "lead", Meeting, queryset=_meetings(request), pk=pk)
    return JsonResponse(_code(request, meeting) or {"seconds": 0})


@require_POST
def session_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the sitting."""
    meeting = fetch(request.user, "lead", Meeting, pk=pk)
    services.open_meeting(meeting, by=request.user, at=timezone.now())
    return redirect("members:meetings:session", pk)


@require_http_methods(["GET", "POST"])
def session_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether the sitting shall end, and end it."""
    meeting = fetch(request.user, "lead", Meeting, queryset=_meetings(request), pk=pk)
    now = timezone.now()
    form = CloseForm(request.POST if request.method == "POST" else None, initial=_ended(meeting, now))
    if request.method == "POST" and form.is_valid():
        try:
            ended = _end_of(meeting, form.cleaned_data["ended"])
            services.close_meeting(meeting, by=request.user, at=now, ended_at=ended)
        except ValidationError as refusal:
            if "ended_at" not in getattr(refusal, "error_dict", {}):
                return refused(request, refusal.messages)
            form.add_error("ended", refusal.messages)
        else:
            messages.success(request, _("The meeting has ended; everybody's attendance is noted."))
            return redirect(meeting)
    context = {
        "meeting": meeting, "form": form, "effects": _effects(meeting),
        "back": reverse("members:meetings:session", args=[pk]),
    }  # fmt: skip
    return render(request, "members/meetings/session_close.html", context)


def _ended(meeting: Meeting, now: datetime) -> dict[str, Any]:
    """Offer the planned end to whoever closes a sitting long after it."""
    is_late = meeting.started_at is not None and now > meeting.planned_until + LONG_AFTER
    is_likely = is_late and meeting.planned_until > meeting.started_at
    return {"ended": f"{timezone.localtime(meeting.planned_until):%H:%M}"} if is_likely else {}


def _end_of(meeting: Meeting, clock: time | None) -> datetime | None:
    if clock is None or meeting.started_at is None:
        return None
    return first_at(clock, timezone.localtime(meeting.started_at))


def _effects(meeting: Meeting) -> list[str]:
    """Return what closing brings about, and what is still open before it."""
    counts = counts_of(meeting)
    effects = [
        _("%(count)d of %(due)d people due have come in; the others are noted as on leave, exempt or absent.")
        % {"count": counts.present, "due": counts.due},
        _("The matter being dealt with is done with that; nobody can check in any more."),
    ]
    if waiting := unseen_remarks(meeting):
        effects.append(_("Remarks on check-ins that nobody has looked at yet: %(count)d") % {"count": waiting})
    if asked := undecided_leave(meeting):
        words = _("Requests for leave that nobody has decided: %(count)d. They count as absent until they are granted.")
        effects.append(words % {"count": asked})
    return effects


@require_POST
def session_item(request: HttpRequest, pk: int, item: int, verb: str) -> HttpResponse:
    """Take up a matter, or be done with it."""
    found = fetch(request.user, "lead", AgendaItem, pk=item, meeting=pk)
    VERBS[verb](found, by=request.user, at=timezone.now())
    return redirect("members:meetings:session", pk)


def _meetings(request: HttpRequest) -> Any:
    return with_power(Meeting.objects.select_related("organization", "chair", "recorder"), request.user, "lead")


def _live(request: HttpRequest, meeting: Any) -> dict[str, Any]:
    """Return what changes while people look; three statements, one more for whoever leads."""
    agenda = agenda_of(meeting)
    return {
        "meeting": meeting,
        "counts": counts_of(meeting),
        "agenda": agenda,
        "now_pk": next((item.pk for item in agenda if item.started_at and not item.ended_at), 0),
        "leads": meeting.may_lead,
        "is_running": meeting.state == MeetingState.IN_SESSION,
        "waiting": unseen_remarks(meeting) if meeting.may_lead else 0,
        "votes_template": votes_template(),
        # Names hang on the wall only where whoever leads the meeting has asked for them.
        "came": came_last(meeting, NAMES_SHOWN) if meeting.may_lead and request.GET.get("names") == "1" else [],
    }


def votes_template() -> str:
    """Return the template of a meeting's votes, or ``""`` where votes are not installed."""
    try:
        get_template(_VOTES)
    except TemplateDoesNotExist:
        return ""
    return _VOTES


def session_panel(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """Return what ``_session.html`` needs on the page of a meeting: where one can go now; one statement."""
    window = window_of(meeting.planned_at, meeting.planned_until)
    is_open = meeting.state == MeetingState.IN_SESSION or (
        meeting.state == MeetingState.CONVENED and timezone.now() in window
    )
    return {
        "is_open": is_open,
        "has_begun": meeting.state in (MeetingState.IN_SESSION, MeetingState.ENDED),
        "opens_at": window.first,
        "mine": attendance_of(meeting, request.user),
    }


def _code(request: HttpRequest, meeting: Meeting) -> dict[str, Any] | None:
    """Return both codes of these seconds, or ``None`` when nobody can come in."""
    now = timezone.now()
    if meeting.state != MeetingState.IN_SESSION and not (
        meeting.state == MeetingState.CONVENED and now in window_of(meeting.planned_at, meeting.planned_until)
    ):
        return None
    slot, secret = slot_of(now), bytes(meeting.code_secret)
    path = reverse("members:meetings:check-in-scan", args=[meeting.pk, scan_code(secret, slot)])
    picture = segno.make(request.build_absolute_uri(path), error="m")
    typed = typed_code(secret, slot)
    return {
        "svg": mark_safe(picture.svg_inline(omitsize=True, border=4, svgclass="code-picture", lineclass=None)),  # noqa: S308 - drawn by segno from our own address
        "typed": f"{typed[:3]} {typed[3:]}",
        "seconds": max(1, round((begin_of(slot + 1) - now).total_seconds())),
        "every": SLOT_SECONDS,
    }
