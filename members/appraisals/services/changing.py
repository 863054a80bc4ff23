"""What may change about an appraisal that is announced: its days; and taking back one announced by mistake."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from ..models import Appraisal
from ..rules import BEFORE_BALLOT, Stage
from .holding import hold, tell_all

REASON_MAX = 300


@transaction.atomic
def change_days(appraisal: Appraisal, *, self_until: date, ballot_on: date, by: User, on: date) -> Appraisal:
    """Set other days for the self-appraisals and the ballot, and tell everybody; each day moves until it has come.

    The ballot of one that is held in a meeting is on the day of the meeting. Raises ``RuleError`` for days gone by, in
    the wrong order, and once the step is over.
    """
    appraisal = hold(appraisal)
    before = (appraisal.self_until, appraisal.ballot_on)
    if before == (self_until, ballot_on):
        return appraisal
    reasons: dict[str, str] = {}
    if self_until != appraisal.self_until:
        if appraisal.state not in (Stage.ANNOUNCED, Stage.SELF):
            reasons["self_until"] = _("The time for self-appraisals is over.")
        elif self_until < on:
            reasons["self_until"] = _("This day has passed.")
    if ballot_on != appraisal.ballot_on:
        if appraisal.state not in BEFORE_BALLOT:
            reasons["ballot_on"] = _("The ballot has been opened; day and meeting stay as they are.")
        elif appraisal.meeting_id is not None:
            reasons["ballot_on"] = _("The ballot is on the day of the meeting: change the day there.")
        elif ballot_on < on:
            reasons["ballot_on"] = _("This day has passed.")
    if reasons:
        raise RuleError(reasons)
    appraisal.self_until, appraisal.ballot_on = self_until, ballot_on
    appraisal.full_clean()
    appraisal.version += 1
    appraisal.save(update_fields=["self_until", "ballot_on", "version"])
    changes = {"self_until": [before[0], self_until], "ballot_on": [before[1], ballot_on]}
    audit.record("appraisals.days_changed", appraisal, by=by, changes=changes)
    tell_all(appraisal, "appraisal_days", {"day": self_until, "ballot": ballot_on}, mark=str(appraisal.version))
    return appraisal


@transaction.atomic
def call_off(appraisal: Appraisal, *, words: str, by: User) -> None:
    """Take back an appraisal that was announced by mistake; everybody is told, and the year is free again.

    Raises ``RuleError`` once somebody has handed in a self-appraisal or the step is over.
    """
    appraisal = hold(appraisal)
    words = words.strip()
    if not words:
        raise RuleError({"words": _("Say why it is taken back.")})
    if len(words) > REASON_MAX:
        raise RuleError({"words": _("At most %(limit)d signs.") % {"limit": REASON_MAX}})
    handed_in = appraisal.people.filter(handed_in_on__isnull=False).exists()
    if appraisal.state not in (Stage.ANNOUNCED, Stage.SELF) or handed_in:
        raise RuleError(_("Somebody has taken part already: the appraisal goes on to its end. Its days can be moved."))
    tell_all(appraisal, "appraisal_called_off", {"words": words}, url=reverse("members:appraisals:my-appraisals"))
    audit.record("appraisals.called_off", appraisal, by=by, reason=words)
    appraisal.delete()
