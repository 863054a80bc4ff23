"""What activities tell people: whose turn it is, what was decided, a free place, the day before, the end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a stored moment into one as people write it, in the zone of the portal."""
    words = dict(params)
    if value := params.get("at"):
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        words["at"] = date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
    return words


_ENROLLED = _("You are enrolled.")
_STARTED = _("You started this activity.")

SUBMITTED = NoticeKind(
    code="activity_submitted",
    label=_("activities that wait for approval"),
    title=_("Activity to approve: %(title)s"),
    body=_("%(name)s started it for %(organization)s. It begins on %(at)s."),
    reason=_("It is your duty to approve activities here."),
    words=_in_words,
)
APPROVED = NoticeKind(
    code="activity_approved",
    label=_("my activity was approved"),
    title=_("Approved: %(title)s"),
    body=_("People can enrol from %(at)s. %(words)s"),
    reason=_STARTED,
    words=_in_words,
)
RETURNED = NoticeKind(
    code="activity_returned",
    label=_("my activity was returned"),
    title=_("Returned: %(title)s"),
    body="%(words)s",
    reason=_STARTED,
)
PLACE = NoticeKind(
    code="activity_place",
    label=_("a place became free for me"),
    title=_("You have a place: %(title)s"),
    body=_("Somebody withdrew or places were added, and you have moved up from the waiting list. It begins on %(at)s."),
    reason=_("You stood on the waiting list."),
    words=_in_words,
)
REMINDER = NoticeKind(
    code="activity_reminder",
    label=_("activities of the next day"),
    title=_("%(at)s: %(title)s"),
    body=_("Where: %(place)s. If you cannot come, withdraw in time so that somebody else can."),
    reason=_ENROLLED,
    words=_in_words,
)
CHANGED = NoticeKind(
    code="activity_changed",
    label=_("place of an activity of mine"),
    title=_("Another place: %(title)s"),
    body=_("It begins on %(at)s. Where: %(place)s"),
    reason=_ENROLLED,
    words=_in_words,
)
MOVED = NoticeKind(
    code="activity_moved",
    label=_("another time for an activity"),
    title=_("Another time: %(title)s"),
    body=_("It now begins on %(at)s. Where: %(place)s. Give your place up if you cannot come then."),
    reason=_("You take part in this activity, lead it or judge in it."),
    words=_in_words,
)
CANCELLED = NoticeKind(
    code="activity_cancelled",
    label=_("activities that were called off"),
    title=_("Called off: %(title)s"),
    body="%(words)s",
    reason=_("You take part in this activity, lead it or judge in it."),
)
JURY = NoticeKind(
    code="activity_jury",
    label=_("invitations to a jury"),
    title=_("You are on the jury of %(title)s"),
    body=_("It begins on %(at)s. From then on you can score what was handed in; only you see your own scores."),
    reason=_("Whoever started the activity invited you."),
    words=_in_words,
)
VOTE = NoticeKind(
    code="activity_vote",
    label=_("votes of the audience"),
    title=_("Vote now: %(title)s"),
    body=_("The audience of this activity votes, secretly and once."),
    reason=_ENROLLED,
)
RESULTS = NoticeKind(
    code="activity_results",
    label=_("results of activities"),
    title=_("%(title)s has ended"),
    body=_("See the results, the pictures and how it went."),
    reason=_("You took part in this activity or judged in it."),
)

ALL = (SUBMITTED, APPROVED, RETURNED, PLACE, REMINDER, CHANGED, MOVED, CANCELLED, JURY, VOTE, RESULTS)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
