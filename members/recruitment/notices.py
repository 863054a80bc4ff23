"""What recruitment tells people: whose turn it is, what was decided, and to the candidate only what is settled."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds
from portal.organizations.models import Standing

from . import deadlines
from .engine.people import Role
from .engine.steps import STEPS
from .engine.vocabulary import KIND_LABELS
from .models import LetterKind


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn codes of steps, records and standings into words of the reader's language."""
    words = dict(params)
    if "step" in params:
        words["step"] = str(STEPS[params["step"]].label)
    if "what" in params:
        words["what"] = str(KIND_LABELS[params["what"]])
    if "kind" in params:
        words["kind"] = LetterKind(params["kind"]).label
    if "standing" in params:
        words["standing"] = Standing(params["standing"]).label
    return words


_BRANCH = _("You keep the recruitment of the branch.")
_CANDIDATE = _("You wrote this letter.")
_SUPERIOR = _("You decide on recruitment for the committee.")

APPLIED = NoticeKind(
    code="recruitment_applied",
    label=_("applications for membership"),
    title=_("%(name)s has applied for membership"),
    body=_("The branch sends somebody to talk with the applicant within a month."),
    reason=_BRANCH,
    statutory=True,
    words=_in_words,
)
WAITING = NoticeKind(
    code="recruitment_waiting",
    label=_("recruitment that waits for my committee"),
    title=_("%(name)s (%(branch)s) waits for your committee: %(step)s"),
    body=_("The branch has recorded what comes before."),
    reason=_SUPERIOR,
    statutory=True,
    words=_in_words,
)
DECIDED = NoticeKind(
    code="recruitment_decided",
    label=_("what the committee recorded in recruitment"),
    title=_("%(name)s: the committee has recorded “%(what)s”"),
    body=_("Step: %(step)s. The branch can go on from here."),
    reason=_BRANCH,
    statutory=True,
    words=_in_words,
)
STANDING = NoticeKind(
    code="recruitment_standing",
    label=_("my own way into the party"),
    title=_("Your standing is now: %(standing)s"),
    body=_("%(branch)s has recorded it. Your branch will talk with you about what follows."),
    reason=_("You applied for membership."),
    statutory=True,
    words=_in_words,
)
SPONSOR = NoticeKind(
    code="recruitment_sponsor",
    label=_("people I vouch for"),
    title=_("You are now a sponsor of %(name)s"),
    body=_("Sponsors guide the form, introduce the candidate at the branch congress and look after the probation."),
    reason=_("The branch named you as sponsor."),
    statutory=True,
    words=_in_words,
)
EXCEPTION = NoticeKind(
    code="recruitment_exception",
    label=_("exceptions that the committee allows"),
    title=_("%(name)s: %(committee)s has allowed an exception"),
    body=_("Reason: %(words)s"),
    reason=_BRANCH,
    statutory=True,
    words=_in_words,
)
MOVED = NoticeKind(
    code="recruitment_moved",
    label=_("cases that come to my branch"),
    title=_("The case of %(name)s now belongs to %(branch)s"),
    body=_("It was kept by %(before)s. Time of cultivation goes on only where the material was handed over."),
    reason=_BRANCH,
    statutory=True,
)
STRAYED = NoticeKind(
    code="recruitment_strayed",
    label=_("cases whose person was placed elsewhere"),
    title=_("%(name)s now belongs to %(there)s; the case is still kept by %(branch)s"),
    body=_("Hand the case on and say whether the material was checked: only then the time of cultivation goes on."),
    reason=_BRANCH,
    statutory=True,
)
CORRECTED = NoticeKind(
    code="recruitment_corrected",
    label=_("corrections in recruitment"),
    title=_("%(name)s: a record was corrected (%(what)s)"),
    body=_("Reason: %(words)s"),
    reason=_("You keep this case or decide on it."),
    words=_in_words,
)

LETTER_HANDED_IN = NoticeKind(
    code="recruitment_letter_handed_in",
    label=_("letters of candidates to my branch"),
    title=_("%(name)s has handed in a letter: %(kind)s"),
    body=_("Read it and receive it for %(branch)s, or return it with your words."),
    reason=_BRANCH,
    statutory=True,
    words=_in_words,
)
LETTER_WITHDRAWN = NoticeKind(
    code="recruitment_letter_withdrawn",
    label=_("letters of candidates taken back"),
    title=_("%(name)s has taken a letter back: %(kind)s"),
    body=_("It no longer waits for an answer of %(branch)s."),
    reason=_BRANCH,
    words=_in_words,
)
LETTER_RETURNED = NoticeKind(
    code="recruitment_letter_returned",
    label=_("my letter was returned"),
    title=_("Your letter was returned for rewriting: %(kind)s"),
    body=_("%(branch)s has written what is to be changed. Your text is kept; change it and hand it in again."),
    reason=_CANDIDATE,
    statutory=True,
    words=_in_words,
)
LETTER_RECEIVED = NoticeKind(
    code="recruitment_letter_received",
    label=_("my letter was received"),
    title=_("%(branch)s has received your letter: %(kind)s"),
    body=_("It is now in your file. Under “My way into the party” you find what comes next."),
    reason=_CANDIDATE,
    statutory=True,
    words=_in_words,
)


def _due(code: str, label: Promise, reason: Promise, *, statutory: bool = True) -> NoticeKind:
    """Return a kind that says in one line whom it is about, what is asked and by when, in the next why."""
    return NoticeKind(
        code=code,
        label=label,
        title=_("%(name)s: %(what)s, %(when)s"),
        body="%(why)s",
        reason=reason,
        statutory=statutory,
        words=deadlines.in_words,
    )


_COMPANION = _("You accompany this person.")
BRANCH_DUE = _due("recruitment_due_branch", _("deadlines of the recruitment that I keep"), _BRANCH)
SUPERIOR_DUE = _due("recruitment_due_superior", _("deadlines of the recruitment that I decide on"), _SUPERIOR)
CARE_DUE = _due("recruitment_due_care", _("deadlines for people I accompany"), _COMPANION, statutory=False)
TRAINING_DUE = _due(
    "recruitment_due_training", _("targets without training"), _("You keep courses of the party school.")
)
LATE = _due(
    "recruitment_late",
    _("recruitment that is late below me"),
    _("It has been late for a week, so the level above those responsible is told as well."),
)
OWN_DUE = NoticeKind(
    code="recruitment_due_own",
    label=_("deadlines on my own way into the party"),
    title=_("%(what)s, %(when)s"),
    body="%(why)s",
    reason=_("You applied for membership."),
    statutory=True,
    words=deadlines.in_words,
)
DUE_KINDS = {
    Role.BRANCH: BRANCH_DUE,
    Role.SUPERIOR: SUPERIOR_DUE,
    Role.TRAINER: TRAINING_DUE,
    Role.CONTACT: CARE_DUE,
    Role.SPONSOR: CARE_DUE,
}

ALL = (
    APPLIED, WAITING, DECIDED, STANDING, SPONSOR, EXCEPTION, MOVED, STRAYED, CORRECTED, LETTER_HANDED_IN,
    LETTER_WITHDRAWN, LETTER_RETURNED, LETTER_RECEIVED,
    BRANCH_DUE, SUPERIOR_DUE, CARE_DUE, TRAINING_DUE, LATE, OWN_DUE,
)  # fmt: skip


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
