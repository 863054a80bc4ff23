"""What appraisals tell people: each step that is theirs, and the own result."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .rules import Grade


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    words = dict(params)
    for name in ("day", "ballot"):
        if value := params.get(name):
            day = value if isinstance(value, date) else date.fromisoformat(value)
            words[name] = date_format(day, "SHORT_DATE_FORMAT")
    if params.get("grade") in Grade.values:
        words["grade"] = Grade(params["grade"]).label
    return words


_PART = _("You take part in the democratic appraisal of your branch.")
_LEADS = _("It is your duty to hold the democratic appraisal here.")

ALL = (
    NoticeKind(
        code="appraisal_announced",
        label=_("democratic appraisal announced"),
        title=_("The democratic appraisal of %(year)d is announced"),
        body=_("%(branch)s appraises its members. Self-appraisals are handed in by %(day)s."),
        reason=_PART,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="appraisal_days",
        label=_("other days of the appraisal"),
        title=_("Other days for the democratic appraisal of %(year)d"),
        body=_("%(branch)s: self-appraisals are handed in by %(day)s, the ballot is on %(ballot)s."),
        reason=_PART,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="appraisal_called_off",
        label=_("appraisal taken back"),
        title=_("The democratic appraisal of %(year)d was taken back"),
        body=_("%(branch)s: %(words)s"),
        reason=_PART,
        statutory=True,
    ),
    NoticeKind(
        code="appraisal_self",
        label=_("self-appraisal due"),
        title=_("Write your self-appraisal of %(year)d by %(day)s"),
        body=_("It is saved while you write, and members of %(branch)s read it once you hand it in."),
        reason=_PART,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="appraisal_vote",
        label=_("ballot of the appraisal"),
        title=_("The ballot of the appraisal of %(year)d is open"),
        body=_("%(branch)s votes secretly until %(day)s. Nobody can see what you marked."),
        reason=_PART,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="appraisal_reported",
        label=_("appraisals to confirm"),
        title=_("%(branch)s reports its appraisal of %(year)d"),
        body=_("Confirm it, or return it with the reason."),
        reason=_("It is your duty to confirm what the branches below decide."),
        statutory=True,
    ),
    NoticeKind(
        code="appraisal_confirmed",
        label=_("appraisals confirmed"),
        title=_("The appraisal of %(year)d is confirmed"),
        body=_("Tell the members of %(branch)s their results."),
        reason=_LEADS,
        statutory=True,
    ),
    NoticeKind(
        code="appraisal_returned",
        label=_("appraisals returned"),
        title=_("The appraisal of %(year)d is returned"),
        body=_("To %(branch)s: %(words)s"),
        reason=_LEADS,
        statutory=True,
    ),
    NoticeKind(
        code="appraisal_result",
        label=_("my result of the appraisal"),
        title=_("Your democratic appraisal of %(year)d: %(grade)s"),
        body=_("The committee of %(branch)s decided, and the superior confirmed it. Read what they say on the page."),
        reason=_PART,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="appraisal_ungraded",
        label=_("appraisal closed"),
        title=_("The democratic appraisal of %(year)d is closed"),
        body=_("You took part as a probationary member of %(branch)s; probationary members get no grade."),
        reason=_PART,
        statutory=True,
    ),
)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
