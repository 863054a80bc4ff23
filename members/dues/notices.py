"""What the dues tell people: months unpaid, what was recorded, standards, reductions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .models import ReductionState
from .months import in_words


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn stored months and codes into words of the reader's language."""
    words = dict(params)
    for name in ("month", "first", "last"):
        if value := params.get(name):
            words[name] = in_words(value if isinstance(value, date) else date.fromisoformat(value))
    if "state" in params:
        words["state"] = ReductionState(params["state"]).label
    return words


_MEMBER = _("Every member pays dues each month.")
_CLERK = _("You keep the dues of the branch.")

UNPAID = NoticeKind(
    code="dues_unpaid",
    label=_("my dues of a month are missing"),
    title=_("Your dues for %(month)s are not recorded yet"),
    body=_("Please pay them to your branch. Dues can be made up for at most %(back)d months."),
    reason=_MEMBER,
    statutory=True,
    words=_in_words,
)
ARREARS = NoticeKind(
    code="dues_arrears",
    label=_("people of my branch have not paid for three months"),
    title=_("%(count)d people of %(branch)s have not paid dues for three months or longer"),
    body=_("Speak with them: six months in a row without good reason count as leaving the party (DJ art. 31)."),
    reason=_CLERK,
    statutory=True,
)
RISK = NoticeKind(
    code="dues_risk",
    label=_("people below my committee have not paid for five months"),
    title=_("%(count)d people below %(committee)s have not paid dues for five months or longer"),
    body=_("Six months in a row without good reason count as leaving the party (DJ art. 31). See that it is settled."),
    reason=_("You answer for the branches of the committee."),
    statutory=True,
)
RECORDED = NoticeKind(
    code="dues_recorded",
    label=_("my dues are recorded"),
    title=_("Your dues for %(month)s are recorded"),
    body=_("%(branch)s has recorded what you paid. If you have not paid, tell your secretary."),
    reason=_("You paid dues, or somebody recorded that you did."),
    words=_in_words,
)
CORRECTED = NoticeKind(
    code="dues_corrected",
    label=_("a record of my dues is taken back"),
    title=_("The record of your dues for %(month)s was taken back"),
    body=_("Receipt %(receipt)s no longer counts. Reason: %(words)s"),
    reason=_("The payment was recorded for you."),
    statutory=True,
    words=_in_words,
)
STANDARD_SET = NoticeKind(
    code="dues_standard_set",
    label=_("my dues are confirmed anew"),
    title=_("Your dues are %(amount)s yuan a month from %(month)s on"),
    body=_("The branch has confirmed the base. Your own page shows how it is reckoned."),
    reason=_MEMBER,
    statutory=True,
    words=_in_words,
)
BASE_REVEALED = NoticeKind(
    code="dues_base_revealed",
    label=_("somebody looked at the base of my dues"),
    title=_("%(who)s looked at the base of your dues"),
    body=_("The reason given: %(words)s"),
    reason=_("You are told of every look at what is kept in confidence about you."),
    statutory=True,
)
REDUCTION_ASKED = NoticeKind(
    code="dues_reduction_asked",
    label=_("a branch asks for a reduction of dues"),
    title=_("%(branch)s asks for a reduction of the dues of %(name)s"),
    body=_("The branch has studied it; the committee above decides."),
    reason=_("It is your duty to decide on reductions of dues."),
)
REDUCTION_ANSWERED = NoticeKind(
    code="dues_reduction_answered",
    label=_("a reduction of dues is decided"),
    title=_("Reduction of the dues of %(name)s: %(state)s"),
    body=_("From %(first)s to %(last)s, %(amount)s yuan a month."),
    reason=_("It is about your dues, or you asked for it."),
    statutory=True,
    words=_in_words,
)

ALL = (
    UNPAID, ARREARS, RISK, RECORDED, CORRECTED, STANDARD_SET, BASE_REVEALED, REDUCTION_ASKED, REDUCTION_ANSWERED,
)  # fmt: skip


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
