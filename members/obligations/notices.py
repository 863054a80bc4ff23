"""What the schedule tells of organizational life: what is due, what was missed, who has been away."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from portal.notifications.registry import NoticeKind, kinds

from .kinds import DutyKind
from .wording import day_words


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn codes of duties and stored days into words of the reader's language."""
    words = dict(params)
    codes = str(params.get("kinds", "")).split(",")
    named = [str(DutyKind(code).label) for code in codes if code in DutyKind.values]
    words["kinds"] = pgettext("between the names of duties", ", ").join(named)
    if value := params.get("day"):
        words["day"] = day_words(value if isinstance(value, date) else date.fromisoformat(value))
    return words


_KEEPER = _("You convene the meetings of this organization.")

MISSING = NoticeKind(
    code="org_life_missing",
    label=_("organizational life that is due"),
    title=_("%(branch)s: still to be held by %(day)s"),
    body=_("Due: %(kinds)s. One sitting counts for every kind that it holds."),
    reason=_KEEPER,
    statutory=True,
    words=_in_words,
)
MISSED = NoticeKind(
    code="org_life_missed",
    label=_("organizational life that was missed"),
    title=_("%(branch)s: not held by %(day)s"),
    body=_("Missed: %(kinds)s. The organization above is told as well; it can waive a duty for a good reason."),
    reason=_KEEPER,
    statutory=True,
    words=_in_words,
)
ALARM = NoticeKind(
    code="org_life_alarm",
    label=_("organizational life missed below"),
    title=_("%(node)s: %(count)d duties of organizational life were missed below"),
    body=_("They were due by %(day)s, in %(branches)d organizations. Ask what kept them, or waive what could not be."),
    reason=_("You watch over the organizational life below."),
    statutory=True,
    words=_in_words,
)
ABSENT = NoticeKind(
    code="absent_streak",
    label=_("members away from organizational life"),
    title=_("%(branch)s: %(count)d members have not taken part for %(months)d months"),
    body=_("Speak with them and ask what keeps them away. Nobody but the officers of the branch sees who they are."),
    reason=_KEEPER,
    statutory=True,
    words=_in_words,
)

ALL = (MISSING, MISSED, ALARM, ABSENT)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
