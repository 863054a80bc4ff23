"""What minutes tell people: whose turn it is, what was withdrawn, and which resolutions are due."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .models import ResolutionState, VolumeFailure


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn stored days and codes into words of the reader's language."""
    words = dict(params)
    if value := params.get("day"):
        day = value if isinstance(value, date) else date.fromisoformat(value)
        words["day"] = date_format(day, "SHORT_DATE_FORMAT")
    if params.get("state") in ResolutionState.values:
        words["state"] = ResolutionState(params["state"]).label
    if params.get("failure") in VolumeFailure.values:
        words["failure"] = VolumeFailure(params["failure"]).label
    return words


_LEADS = _("You chaired or recorded the meeting.")
_YOURS = _("You see to this resolution.")
_ASKED = _("You asked for this volume.")

ALL = (
    NoticeKind(
        code="minutes_to_write",
        label=_("minutes to write"),
        title=_("Write the minutes of “%(title)s” of %(day)s"),
        body=_("They are drafted from the agenda, the attendance and the votes. Add what was said and decided."),
        reason=_("You are the recorder of this meeting."),
        words=_in_words,
    ),
    NoticeKind(
        code="minutes_to_confirm",
        label=_("minutes that wait for my confirmation"),
        title=_("The minutes of “%(title)s” of %(day)s wait for your confirmation"),
        body=_("%(name)s has confirmed them. Once you confirm too, they are sealed."),
        reason=_LEADS,
        words=_in_words,
    ),
    NoticeKind(
        code="minutes_withdrawn",
        label=_("minutes that changed after I confirmed them"),
        title=_("Your confirmation of the minutes of “%(title)s” no longer counts"),
        body=_("%(name)s changed them, or the record of the meeting was corrected. Read them again, then confirm."),
        reason=_LEADS,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="minutes_added_to",
        label=_("additions to sealed minutes"),
        title=_("%(name)s added to the minutes of “%(title)s” of %(day)s"),
        body=_("The sealed text stays as it was; what was added stands below it."),
        reason=_LEADS,
        words=_in_words,
    ),
    NoticeKind(
        code="resolution_given",
        label=_("resolutions that I am to see to"),
        title=_("You see to a resolution: %(words)s"),
        body=_("Resolved at “%(title)s”, due on %(day)s. Note how it goes on, and when it is done."),
        reason=_YOURS,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="resolution_soon",
        label=_("my resolutions that are due soon"),
        title=_("Due on %(day)s: %(words)s"),
        body=_("Resolved at “%(title)s”. If it is done, say so; it is asked for at the next meeting."),
        reason=_YOURS,
        words=_in_words,
    ),
    NoticeKind(
        code="resolution_late",
        label=_("my resolutions that are overdue"),
        title=_("Overdue since %(day)s: %(words)s"),
        body=_("Resolved at “%(title)s”. Say how it stands; it is the first matter of the next meeting."),
        reason=_YOURS,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="resolution_late_here",
        label=_("overdue resolutions of my organization"),
        title=_("A resolution is overdue since %(day)s: %(words)s"),
        body=_("Resolved at “%(title)s”. It is the first matter of the next meeting."),
        reason=_("You keep the meetings of this organization."),
        words=_in_words,
    ),
    NoticeKind(
        code="resolution_closed",
        label=_("my resolutions that somebody closed"),
        title=_("%(name)s closed a resolution that you see to: %(state)s"),
        body=_("%(words)s. %(reason)s"),
        reason=_YOURS,
        words=_in_words,
    ),
    NoticeKind(
        code="resolution_struck",
        label=_("my resolutions that were struck"),
        title=_("You need not see to this any more: %(words)s"),
        body=_("%(name)s struck the resolution from the minutes of “%(title)s”."),
        reason=_("You saw to this resolution."),
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="resolution_changed",
        label=_("my resolutions that were changed"),
        title=_("Changed: %(words)s"),
        body=_("%(name)s: seen to by %(owner)s, due on %(day)s. %(reason)s"),
        reason=_YOURS,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="volume_ready",
        label=_("bound volumes that are ready"),
        title=_("The minutes of %(name)s of %(year)s are bound"),
        body=_("The file is kept for a week."),
        reason=_ASKED,
        words=_in_words,
    ),
    NoticeKind(
        code="volume_failed",
        label=_("volumes that could not be bound"),
        title=_("The minutes of %(name)s of %(year)s could not be bound"),
        body="%(failure)s",
        reason=_ASKED,
        words=_in_words,
    ),
)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
