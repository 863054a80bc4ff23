"""What meetings tell people: convened, changed, called off, reminders, leave, and meetings proposed by a template."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .links import mail_url
from .models import LeaveState

# As what somebody leads a meeting.
_ROLES = {"chair": _("you chair"), "recorder": _("you record")}


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn stored instants into local time as people write it, and codes into words."""
    words = dict(params)
    if value := params.get("begins"):
        begins = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        local = timezone.localtime(begins)
        words["begins"] = f"{date_format(local, 'DATE_FORMAT')} {date_format(local, 'D')} {local:%H:%M}"
    if "place" in params:
        words["place"] = params["place"] or gettext("place still open")
    if params.get("role") in _ROLES:
        words["role"] = _ROLES[params["role"]]
    if params.get("leave") in LeaveState.values:
        words["leave"] = LeaveState(params["leave"]).label
    return words


_INVITED = _("You are invited to this meeting.")
_KEEPS = _("It is your duty to hold meetings here.")

CONVENED = NoticeKind(
    code="meeting_convened",
    label=_("meetings I am invited to"),
    title=_("Meeting: %(title)s, %(begins)s"),
    body=_("%(organization)s invites you: %(place)s. Say whether you will attend; ask for leave before it begins."),
    reason=_INVITED,
    statutory=True,
    words=_in_words,
    mail_url=mail_url,
)
CHANGED = NoticeKind(
    code="meeting_changed",
    label=_("meetings that change"),
    title=_("Changed: %(title)s, now %(begins)s"),
    body=_("%(organization)s has changed the meeting: %(place)s. Look at it and answer anew if its time has changed."),
    reason=_INVITED,
    statutory=True,
    words=_in_words,
    mail_url=mail_url,
)
CANCELLED = NoticeKind(
    code="meeting_cancelled",
    label=_("meetings that are called off"),
    title=_("Called off: %(title)s, %(begins)s"),
    body=_("%(organization)s has called the meeting off: %(words)s"),
    reason=_INVITED,
    statutory=True,
    words=_in_words,
)
REMINDER = NoticeKind(
    code="meeting_reminder",
    label=_("meetings I have not answered"),
    title=_("Please answer: %(title)s, %(begins)s"),
    body=_("%(organization)s, %(place)s. Say whether you will attend, or ask for leave before it begins."),
    reason=_("You are invited and have not answered."),
    words=_in_words,
    mail_url=mail_url,
)
LEAVE_ASKED = NoticeKind(
    code="meeting_leave_asked",
    label=_("leave that waits for my decision"),
    title=_("%(name)s asks for leave: %(title)s, %(begins)s"),
    body=_("Reason: %(words)s"),
    reason=_KEEPS,
    statutory=True,
    words=_in_words,
)
LEAVE_DECIDED = NoticeKind(
    code="meeting_leave_decided",
    label=_("my leave from meetings"),
    title=_("Your leave: %(leave)s (%(title)s, %(begins)s)"),
    body=_("%(organization)s has decided about your leave. %(words)s"),
    reason=_("You asked for leave."),
    statutory=True,
    words=_in_words,
)
PROPOSED = NoticeKind(
    code="meeting_proposed",
    label=_("meetings that a template proposes"),
    title=_("To be convened: %(title)s, %(begins)s"),
    body=_("The template of %(organization)s proposes this meeting. Check it and convene it."),
    reason=_KEEPS,
    words=_in_words,
)
LEADING = NoticeKind(
    code="meeting_leading",
    label=_("meetings I chair or record"),
    title=_("%(title)s, %(begins)s: %(role)s"),
    body=_("%(organization)s, %(place)s. Read the agenda; the page for the screen opens an hour before it begins."),
    reason=_("You chair or record this meeting."),
    statutory=True,
    words=_in_words,
)
GUEST_WITHDRAWN = NoticeKind(
    code="meeting_guest_withdrawn",
    label=_("invitations as a guest that are taken back"),
    title=_("You are not expected any more: %(title)s, %(begins)s"),
    body=_("%(organization)s has taken your invitation as a guest back."),
    reason=_("You were invited to this meeting."),
    words=_in_words,
)
LEFT_OPEN = NoticeKind(
    code="meeting_left_open",
    label=_("meetings that nobody has closed"),
    title=_("Not closed: %(title)s, %(begins)s"),
    body=_("%(organization)s: close it and say when it ended; if it was not held, call it off."),
    reason=_("You chair or record this meeting."),
    words=_in_words,
)

ALL = (
    CONVENED, CHANGED, CANCELLED, REMINDER, LEAVE_ASKED, LEAVE_DECIDED, PROPOSED, LEADING, GUEST_WITHDRAWN, LEFT_OPEN,
)  # fmt: skip


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
