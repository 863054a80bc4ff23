"""Signed links by which a mail lets its reader answer without signing in: bound to one person and one meeting.

A link is worth nothing once the meeting begins or the person is no longer in its circle; it opens nothing but the
answer.
"""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.urls import reverse

from .models import Attendance, MeetingState

_SALT = "members.meetings.answer"
LONGEST = 200


def token_for(meeting_id: int, user_id: int) -> str:
    return signing.dumps([meeting_id, user_id], salt=_SALT)


def mail_url(params: Mapping[str, Any], recipient_id: int) -> str:
    """Return where the mail of a notice about a meeting leads its reader."""
    return reverse("members:meetings:answer-by-link", args=[token_for(params["meeting"], recipient_id)])


def attendance_behind(token: str) -> Attendance | None:
    """Return the invitation that ``token`` was made for, or ``None``: forged, or no invitation any more."""
    if len(token) > LONGEST:
        return None
    try:
        meeting_id, user_id = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Attendance.objects.select_related("meeting__organization", "user").exclude(
        meeting__state=MeetingState.PLANNED
    )
    try:
        return rows.filter(meeting=meeting_id, user=user_id, user__is_active=True).first()
    except (ValueError, OverflowError):
        return None
