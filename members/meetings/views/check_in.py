"""A member's phone: scan the screen or type its code, and read that one is in, since when."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.access.policy import fetch
from portal.accounts import devices

from .. import services
from ..forms.session import CodeForm
from ..models import Meeting, MeetingState
from ..queries.session import attendance_of, meeting_of_code
from ..rules.codes import Verdict, is_scanned, read
from ..rules.day import window_of
from ..services.checking_in import CameIn, NotInvited

# That this browser scanned a code while it was shown: signing in takes longer than a code lasts.
SCAN_COOKIE = "__Host-scan" if settings.SECURE else "scan"
_SALT = "meetings.scan"
_SCAN_SECONDS = 300


@login_not_required
@require_GET
def check_in_scan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Note in the browser that a code was scanned in time, then lead to the page that asks who it is.

    Open to everybody, and says nothing: the answer is the same whether there is such a meeting or not.
    """
    answer = redirect(f"{reverse('members:meetings:check-in', args=[pk])}?code={code}")
    meeting, now = meeting_of_code(pk), timezone.now()
    if meeting is not None and is_scanned(code):
        reading = read(bytes(meeting.code_secret), code, now=now)
        if reading.verdict is Verdict.CURRENT:
            answer.set_signed_cookie(
                SCAN_COOKIE, f"{pk} {code} {int(now.timestamp())}", salt=_SALT, max_age=_SCAN_SECONDS, httponly=True,
                samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
    return answer


@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Come in by the code that was scanned or is typed."""
    now = timezone.now()
    scanned = (request.POST if request.method == "POST" else request.GET).get("code", "")
    meeting, verdict = _meeting_of(request, pk, scanned if is_scanned(scanned) else "", now)
    form, refusal, status = CodeForm(), "", 200
    if request.method == "POST":
        try:
            came = _come(request, meeting, scanned, verdict, now)
        except ValidationError as error:
            refusal, status = " ".join(error.messages), 403 if isinstance(error, NotInvited) else 409
            form = CodeForm(initial={"code": "" if is_scanned(scanned) else scanned[:20]})
        else:
            answer = redirect(reverse("members:meetings:check-in", args=[pk]) + ("?sent=1" if came.waits else ""))
            answer.delete_cookie(SCAN_COOKIE)
            return answer
    context = _page(request, meeting, now) | {
        "form": form,
        "refusal": refusal,
        "scanned": scanned if verdict is not None and not refusal else "",
        "is_fresh": verdict is Verdict.CURRENT,
        "sent": request.GET.get("sent") == "1",
    }
    return render(request, "members/meetings/check_in.html", context, status=status)


@require_POST
def check_in_later(request: HttpRequest, pk: int) -> JsonResponse:
    """Take what a phone kept while it had no signal, and say in words what came of it."""
    now, code = timezone.now(), "".join(request.POST.get("code", "").split())
    try:
        noted_at = datetime.fromtimestamp(int(request.POST.get("noted_at", "")[:15]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        noted_at = None
    meeting, _verdict = _meeting_of(request, pk, code if is_scanned(code) else "", now)
    if noted_at is None:
        return JsonResponse({"state": "refused", "words": _("It is not said when the code was seen.")}, status=400)
    try:
        came = services.send_later(meeting, request.user, code, noted_at=noted_at, at=now, device=_device(request))
    except ValidationError as error:
        status = 403 if isinstance(error, NotInvited) else 409
        return JsonResponse({"state": "refused", "words": " ".join(error.messages)}, status=status)
    if came.waits:
        words = _("Your code was sent. The chair says whether it counts.")
        return JsonResponse({"state": "waits", "words": words})
    return JsonResponse({"state": "in", "words": _in_since(came)})


def _meeting_of(request: HttpRequest, pk: int, scanned: str, now: datetime) -> tuple[Meeting, Verdict | None]:
    """Return the meeting and what the scanned code is worth, asking the policy unless the code is genuine.

    Somebody with a genuine code stood before the screen: from outside the circle too one hears so in words.
    """
    meeting = meeting_of_code(pk)
    if meeting is None:
        raise Http404
    if scanned:
        verdict = read(bytes(meeting.code_secret), scanned, now=now).verdict
        if verdict is Verdict.PAST and _shown_at(request, meeting, scanned):
            verdict = Verdict.CURRENT
        if verdict is Verdict.CURRENT or (verdict is Verdict.PAST and attendance_of(meeting, request.user)):
            return meeting, verdict
    return fetch(request.user, "answer", Meeting, queryset=Meeting.objects.select_related("organization"), pk=pk), None


def _come(request: HttpRequest, meeting: Meeting, code: str, verdict: Verdict | None, now: datetime) -> CameIn:
    device = _device(request)
    if verdict is Verdict.PAST and "later" in request.POST:
        return services.send_later(meeting, request.user, code, noted_at=now, at=now, device=device)
    if not is_scanned(code):
        form = CodeForm(request.POST)
        if not form.is_valid():
            raise ValidationError(form.errors["code"])
        code = form.cleaned_data["code"]
    return services.come_by_code(
        meeting, request.user, code, at=now, device=device, shown_at=_shown_at(request, meeting, code)
    )


def _shown_at(request: HttpRequest, meeting: Meeting, code: str) -> datetime | None:
    """Return when this browser scanned ``code`` in time, or ``None``."""
    try:
        kept = request.get_signed_cookie(SCAN_COOKIE, salt=_SALT, max_age=_SCAN_SECONDS)
        number, seen, seconds = kept.split(" ")
    except (KeyError, ValueError, signing.BadSignature):
        return None
    return datetime.fromtimestamp(int(seconds), UTC) if (number, seen) == (str(meeting.pk), code) else None


def _device(request: HttpRequest) -> str:
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return token if devices.is_token(token) else ""


def _page(request: HttpRequest, meeting: Meeting, now: datetime) -> dict[str, Any]:
    window = window_of(meeting.planned_at, meeting.planned_until)
    return {
        "meeting": meeting,
        "mine": attendance_of(meeting, request.user),
        "is_open": meeting.state == MeetingState.IN_SESSION
        or (meeting.state == MeetingState.CONVENED and now in window),
        "has_ended": meeting.state == MeetingState.ENDED,
        "opens_at": window.first,
    }


def _in_since(came: CameIn) -> str:
    assert came.attendance.checked_in_at is not None
    return _("You are checked in since %(time)s.") % {
        "time": f"{timezone.localtime(came.attendance.checked_in_at):%H:%M}"
    }
