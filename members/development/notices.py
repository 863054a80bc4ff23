"""What recruitment tells people: thought reports on their way, reminders, contacts, the showcase."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .rules import Quarter


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn year and quarter into one phrase, and stored days into days as people write them."""
    words = dict(params)
    if "year" in params and "quarter" in params:
        words["period"] = Quarter(params["year"], params["quarter"]).words
    for name in ("due", "day"):
        if value := params.get(name):
            day = value if isinstance(value, date) else date.fromisoformat(value)
            words[name] = date_format(day, "SHORT_DATE_FORMAT")
    return words


_READER = _("You are the cultivation contact of %(name)s, or it is your duty to answer the reports of the branch.")
_WRITER = _("Activists, development targets and probationary members write one report each quarter.")
_AUTHOR = _("You handed in this report.")

HANDED_IN = NoticeKind(
    code="thought_report_handed_in",
    label=_("thought reports handed in to me"),
    title=_("%(name)s handed in a thought report (%(period)s)"),
    body=_("Please answer by %(due)s: the author was promised an answer by then."),
    reason=_READER,
    words=_in_words,
)
RETURNED = NoticeKind(
    code="thought_report_returned",
    label=_("my thought report was returned"),
    title=_("Your thought report (%(period)s) was returned for rewriting"),
    body=_("%(reader)s has written what could be better. Your text is kept; change it and hand it in again."),
    reason=_AUTHOR,
    statutory=True,
    words=_in_words,
)
ACCEPTED = NoticeKind(
    code="thought_report_accepted",
    label=_("my thought report was accepted"),
    title=_("Your thought report (%(period)s) was accepted"),
    body=_("%(reader)s has read and answered it. It is now filed in your archive."),
    reason=_AUTHOR,
    statutory=True,
    words=_in_words,
)
DUE = NoticeKind(
    code="thought_report_due",
    label=_("the quarter ends and my thought report is missing"),
    title=_("Your thought report for %(period)s is due by %(day)s"),
    body=_("Nothing has been handed in yet. What you have begun is kept."),
    reason=_WRITER,
    words=_in_words,
)
OVERDUE = NoticeKind(
    code="thought_report_overdue",
    label=_("the quarter is over and my thought report is missing"),
    title=_("Your thought report for %(period)s is missing"),
    body=_("It was due by %(day)s. You can still hand it in; it will be marked as late."),
    reason=_WRITER,
    words=_in_words,
)
UNREAD = NoticeKind(
    code="thought_report_unread",
    label=_("thought reports that wait too long for my answer"),
    title=_("%(name)s still waits for an answer to the thought report (%(period)s)"),
    body=_("The answer was promised for %(due)s."),
    reason=_READER,
    words=_in_words,
)
ESCALATED = NoticeKind(
    code="thought_report_escalated",
    label=_("thought reports that nobody answers"),
    title=_("Nobody has answered the thought report of %(name)s (%(period)s)"),
    body=_("The answer was promised for %(due)s, more than a week ago. You may answer it yourself."),
    reason=_("It is your duty to see that the reports of the branch are answered."),
    words=_in_words,
)
CONTACT_ASSIGNED = NoticeKind(
    code="contact_assigned",
    label=_("cultivation contacts assigned"),
    title=_("%(contact)s is now a cultivation contact of %(person)s"),
    body=_("The contact accompanies the person on the way into the party, reads the thought reports and answers them."),
    reason=_("You are the contact or the person accompanied."),
    statutory=True,
)
SHOWCASE_PROPOSED = NoticeKind(
    code="showcase_proposed",
    label=_("my report is proposed for the showcase"),
    title=_("May others read your thought report “%(title)s”?"),
    body=_("%(reader)s proposes it for the showcase. You decide: with your name, without it, or not at all."),
    reason=_("Nothing is published without its author's consent."),
    statutory=True,
)
SHOWCASE_CONSENTED = NoticeKind(
    code="showcase_consented",
    label=_("texts for the showcase"),
    title=_("“%(title)s” may be published in the showcase"),
    body=_("Its author has agreed to the words as they stand."),
    reason=_("You review and publish what others read."),
)

ALL = (
    HANDED_IN, RETURNED, ACCEPTED, DUE, OVERDUE, UNREAD, ESCALATED, CONTACT_ASSIGNED,
    SHOWCASE_PROPOSED, SHOWCASE_CONSENTED,
)  # fmt: skip


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
