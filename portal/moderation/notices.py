"""What reports tell people. No notice names whoever reported."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .models import Reason, State


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn codes into words and the stored day into a day as people write it."""
    words = dict(params)
    if params.get("reason") in Reason.values:
        words["reason"] = Reason(params["reason"]).label
    if params.get("state") in State.values:
        words["state"] = State(params["state"]).label
    if params.get("day"):
        words["day"] = date_format(date.fromisoformat(str(params["day"])), "SHORT_DATE_FORMAT")
    return words


_MODERATING = _("You moderate there.")

ALL = (
    NoticeKind(
        code="moderation_flagged",
        label=_("reports of abuse to decide about"),
        title=_("Reported in %(organization)s: “%(title)s”"),
        body=_("Why: %(reason)s. A decision is promised by %(day)s."),
        reason=_MODERATING,
        statutory=True,
        order=432,
        words=_in_words,
    ),
    NoticeKind(
        code="moderation_late",
        label=_("reports of abuse that nobody decided about in time"),
        title=_("A report is not decided about: “%(title)s”"),
        body=_("%(organization)s promised a decision by %(day)s. You can decide as well."),
        reason=_MODERATING,
        statutory=True,
        order=433,
        words=_in_words,
    ),
    NoticeKind(
        code="moderation_appealed",
        label=_("requests for another look at what was taken down"),
        title=_("Another look is asked for: “%(title)s”"),
        body=_("It was taken down in %(organization)s. A decision is promised by %(day)s."),
        reason=_MODERATING,
        statutory=True,
        order=434,
        words=_in_words,
    ),
    NoticeKind(
        code="moderation_decided",
        label=_("decisions about what I reported"),
        title=_("What you reported was decided about: “%(title)s”"),
        body=_("%(state)s. The reason: %(words)s"),
        reason=_("You reported it."),
        order=435,
        words=_in_words,
    ),
    NoticeKind(
        code="moderation_looked_again",
        label=_("decisions about another look that I asked for"),
        title=_("What you wrote was looked at again: “%(title)s”"),
        body=_("%(state)s. The reason: %(words)s"),
        reason=_("You asked for another look."),
        statutory=True,
        order=436,
        words=_in_words,
    ),
)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
