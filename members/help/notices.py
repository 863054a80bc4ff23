"""What talks and requests tell people. No notice repeats what somebody wrote: mail is read by others."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .models import HelpKind


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn codes into words and stored days into days as people write them."""
    words = dict(params)
    if params.get("kind") in HelpKind.values:
        words["kind"] = HelpKind(params["kind"]).label
    if "day" in params:
        value = params["day"]
        day = date.fromisoformat(value) if isinstance(value, str) and value else value
        words["day"] = date_format(day, "SHORT_DATE_FORMAT") if day else gettext("day to be agreed")
    return words


_ONE_OF_TWO = _("You are one of the two.")
_HEARING = _("It is your duty to hear members here, or the request was given to you.")
_ASKED = _("You asked for help.")

ALL = (
    NoticeKind(
        code="heart_talk_planned",
        label=_("heart-to-heart talks planned with me"),
        title=_("A heart-to-heart talk with %(name)s is planned: %(day)s"),
        body=_("After the talk one of you writes it down and the other confirms. Nobody else reads the record."),
        reason=_ONE_OF_TWO,
        words=_in_words,
    ),
    NoticeKind(
        code="heart_talk_arranged",
        label=_("days of my heart-to-heart talks"),
        title=_("Your talk with %(name)s is on %(day)s"),
        body=_("Where: %(place)s. If the day does not suit you, set another on the page of the talk."),
        reason=_ONE_OF_TWO,
        words=_in_words,
    ),
    NoticeKind(
        code="heart_talk_soon",
        label=_("heart-to-heart talks of the next day"),
        title=_("%(day)s: your talk with %(name)s"),
        body=_("Where: %(place)s. Afterwards one of you writes it down and the other confirms."),
        reason=_ONE_OF_TWO,
        words=_in_words,
    ),
    NoticeKind(
        code="heart_talk_open",
        label=_("heart-to-heart talks that were not written down"),
        title=_("Was your talk with %(name)s of %(day)s held?"),
        body=_("Write it down so that it counts for the year, or set another day."),
        reason=_ONE_OF_TWO,
        words=_in_words,
    ),
    NoticeKind(
        code="heart_talk_year",
        label=_("plan of heart-to-heart talks"),
        title=_("The heart-to-heart talks of %(year)s are planned"),
        body=_("%(branch)s has planned your talks. Agree on the days with the others."),
        reason=_("You are a party member of this branch."),
    ),
    NoticeKind(
        code="heart_talk_confirm",
        label=_("heart-to-heart talks to confirm"),
        title=_("Confirm your talk with %(name)s of %(day)s"),
        body=_("It was written down. Read it and confirm; only then it counts for the year."),
        reason=_ONE_OF_TWO,
        words=_in_words,
    ),
    NoticeKind(
        code="heart_talk_dropped",
        label=_("heart-to-heart talks dropped"),
        title=_("The talk with %(name)s is dropped"),
        body=_("Reason: %(words)s"),
        reason=_ONE_OF_TWO,
    ),
    NoticeKind(
        code="help_asked",
        label=_("requests for help"),
        title=_("Somebody asks for help: %(kind)s"),
        body=_("An answer is promised by %(day)s. Take it up, or give it to somebody who can help."),
        reason=_HEARING,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="help_yours",
        label=_("requests given to me"),
        title=_("A request for help was given to you: %(kind)s"),
        body=_("An answer is promised by %(day)s."),
        reason=_HEARING,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="help_taken",
        label=_("my request was taken up"),
        title=_("%(name)s takes care of your request"),
        body=_("What it is about: %(kind)s. You will be told when there is an answer."),
        reason=_ASKED,
        words=_in_words,
    ),
    NoticeKind(
        code="help_more",
        label=_("more words on a request"),
        title=_("There is more on a request: %(kind)s"),
        body=_("Whoever asked has written again. An answer was promised by %(day)s."),
        reason=_HEARING,
        words=_in_words,
    ),
    NoticeKind(
        code="help_answered",
        label=_("answers to my requests"),
        title=_("%(name)s has answered your request"),
        body=_("What it is about: %(kind)s. Close it when it is settled, or write what is still open."),
        reason=_ASKED,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="help_closed",
        label=_("requests that were closed"),
        title=_("A request is settled: %(kind)s"),
        body=_("Whoever asked has closed it."),
        reason=_HEARING,
        words=_in_words,
    ),
    NoticeKind(
        code="help_due",
        label=_("answers due today"),
        title=_("An answer is promised by today: %(kind)s"),
        body=_("The promise ends on %(day)s."),
        reason=_HEARING,
        statutory=True,
        words=_in_words,
    ),
    NoticeKind(
        code="help_late",
        label=_("answers that are late"),
        title=_("An answer is late: %(kind)s"),
        body=_("It was promised by %(day)s. Answer today, or say when you will."),
        reason=_HEARING,
        statutory=True,
        words=_in_words,
    ),
)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
