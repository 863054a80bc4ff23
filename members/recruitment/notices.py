"""What recruitment tells people: whose turn it is, what was decided, and to the candidate only what is settled."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds
from portal.organizations.models import Standing

from .engine.steps import STEPS
from .engine.vocabulary import KIND_LABELS


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn codes of steps, records and standings into words of the reader's language."""
    words = dict(params)
    if "step" in params:
        words["step"] = str(STEPS[params["step"]].label)
    if "what" in params:
        words["what"] = str(KIND_LABELS[params["what"]])
    if "standing" in params:
        words["standing"] = Standing(params["standing"]).label
    return words


_BRANCH = _("You keep the recruitment of the branch.")
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
CORRECTED = NoticeKind(
    code="recruitment_corrected",
    label=_("corrections in recruitment"),
    title=_("%(name)s: a record was corrected (%(what)s)"),
    body=_("Reason: %(words)s"),
    reason=_("You keep this case or decide on it."),
    words=_in_words,
)

ALL = (APPLIED, WAITING, DECIDED, STANDING, SPONSOR, EXCEPTION, CORRECTED)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
