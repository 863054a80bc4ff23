"""What each reminder of the engine is called and why it comes: said on the page of what will come and in the notices.

A term is *due* by its day; a mark is only reached on it, and nothing is late afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.rulesets.words import article_words

from .engine.people import Role


@dataclass(frozen=True, slots=True)
class Deadline:
    """``what`` is asked, ``why`` says what it rests on and what follows; ``own`` puts both to the person concerned."""

    what: Promise
    why: Promise
    is_term: bool = True
    own: Promise | None = None
    own_why: Promise | None = None


DEADLINES: dict[str, Deadline] = {
    "talk_due": Deadline(
        _("Talk with the applicant"),
        _("Somebody of the branch talks with the applicant; the term runs from the day the letter was received."),
    ),
    "half_year_inspection_due": Deadline(
        _("Inspection of the activist"),
        _("The branch inspects every activist at fixed intervals; without the inspections nobody becomes a target."),
    ),
    "contact_note_due": Deadline(
        _("Quarterly note of the contact"),
        _("Whoever accompanies somebody writes a note each quarter; the inspection is made from these notes."),
    ),
    "thought_report_due": Deadline(
        _("Thought report of the quarter"),
        _("Activists, targets and probationary members hand in a report each quarter."),
        own=_("Hand in your thought report of the quarter"),
        own_why=_("Your reader answers it within a few days."),
    ),
    "cultivation_one_year": Deadline(
        _("Cultivated long enough to be proposed as a target"),
        _("From this day the branch may decide. It need not: being eligible is not being approved."),
        is_term=False,
    ),
    "publicity_running": Deadline(
        _("The publicity notice hangs"),
        _("Take down every objection with its day; the result is recorded after the last day."),
        is_term=False,
    ),
    "publicity_ended": Deadline(
        _("Record the result of the publicity"),
        _("The notice has hung as long as it must; the next step waits for its result."),
    ),
    "political_review_expiring": Deadline(
        _("The political review loses its validity"),
        _("After this day it must be made anew before the congress."),
        is_term=False,
    ),
    "training_missing": Deadline(
        _("Intensive training is still missing"),
        _("Sponsors and political review are there; without the training the committee cannot review the target."),
        is_term=False,
    ),
    "congress_due": Deadline(
        _("Branch congress on the admission"),
        _("The term runs from the pre-review of the superior."),
    ),
    "leaves_soon": Deadline(
        _("Last day to handle the admission before the target leaves"),
        _("Whoever leaves the university soon is generally not admitted here any more."),
        is_term=False,
    ),
    "approval_due": Deadline(
        _("Approval of the admission"),
        _("The term runs from the congress; an admission that nobody approves becomes void in the end."),
    ),
    "oath_due": Deadline(
        _("Admission oath"),
        _("The new probationary member takes the oath soon after the approval."),
    ),
    "probation_inspection_due": Deadline(
        _("Inspection of the probationary member"),
        _("The branch inspects probationary members; without the inspections nobody is converted."),
    ),
    "conversion_apply": Deadline(
        _("Conversion application"),
        _("The probationary member applies for conversion before the probation ends."),
        own=_("Apply for conversion"),
        own_why=_("Write the application yourself, before your probation ends on this day."),
    ),
    "conversion_congress_due": Deadline(
        _("Branch congress on the conversion"),
        _("Probation ends on this day; the congress decides without delay."),
    ),
    "conversion_approval_due": Deadline(
        _("Approval of the conversion"),
        _("The term runs from the congress on the conversion."),
    ),
    "extension_end": Deadline(
        _("The extended probation ends"),
        _("It was extended once and cannot be extended again."),
        is_term=False,
        own=_("Your extended probation ends"),
        own_why=_("Your branch will talk with you about what follows."),
    ),
}
# All that the candidate is ever reminded of: what the law asks of the person, and what was decided and told.
OWN_KEYS = frozenset(key for key, deadline in DEADLINES.items() if deadline.own)
# Sent by the room of thought reports to everybody who writes any, whether there is a case or not.
SENT_ELSEWHERE = frozenset({"thought_report_due"})
# In which capacity a notice addresses somebody who has several.
CAPACITIES = (Role.APPLICANT, Role.CONTACT, Role.SPONSOR, Role.TRAINER, Role.BRANCH, Role.SUPERIOR)


def what_of(key: str, *, own: bool = False) -> str:
    deadline = DEADLINES[key]
    return str(deadline.own if own and deadline.own else deadline.what)


def why_of(key: str, article: str, *, own: bool = False) -> str:
    """Return why the reminder comes, with the article."""
    deadline = DEADLINES[key]
    words = deadline.own_why if own and deadline.own_why else deadline.why
    return gettext("%(reason)s (%(article)s)") % {"reason": words, "article": article_words(article)}


def when_of(key: str, due_on: date, on: date) -> str:
    """Return by when something is due, or since when it is late, as seen on day ``on``."""
    params = {"day": date_format(due_on, "DATE_FORMAT")}
    if not DEADLINES[key].is_term:
        return gettext("on %(day)s") % params
    return (gettext("overdue since %(day)s") if due_on < on else gettext("due on %(day)s")) % params


def in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what a notice keeps of a reminder into words of the reader's language."""
    own = bool(params.get("own"))
    due_on, sent_on = date.fromisoformat(params["due_on"]), date.fromisoformat(params["sent_on"])
    return {
        **params,
        "what": what_of(params["key"], own=own),
        "when": when_of(params["key"], due_on, sent_on),
        "why": why_of(params["key"], params["article"], own=own),
    }
