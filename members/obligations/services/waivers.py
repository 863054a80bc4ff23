"""A superior waives a duty for a period, for a reason that stays, and may take it back."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Organization
from portal.rulesets.days import add_months
from portal.web.refusals import RuleError

from ..engine.evaluate import Obligation, Status
from ..engine.periods import Period
from ..models import REASON_MAX, Waiver
from ..queries.one import obligation_of

# What lies further back is a matter of record; what is further ahead cannot be judged yet.
BACK_MONTHS, AHEAD_MONTHS = 24, 12


@transaction.atomic
def waive(node: Organization, kind: str, period: Period, *, reason: str, by: User | None, on: date) -> Waiver:
    """Waive one duty of ``node`` in one period; raise ``RuleError`` where nothing is owed or it was done."""
    node = Organization.objects.select_for_update().get(pk=node.pk)
    reason = _kept(reason)
    owed = obligation_of(node, kind, period, on=on)
    if refusal := refusal_of(owed, on):
        raise RuleError(refusal)
    waiver = Waiver(organization=node, kind=kind, period=period.code, reason=reason, by=by, on=on)
    waiver.full_clean(exclude=["by", "organization"])
    waiver.save()
    audit.record(
        "obligations.waived", waiver, by=by, reason=reason, changes={"kind": ["", kind], "period": ["", period.code]}
    )
    return waiver


def refusal_of(owed: Obligation | None, on: date) -> str:
    """Say why a duty cannot be waived, or nothing."""
    if owed is None:
        return _("Nothing of this kind is owed there in this period.")
    if owed.due_on < add_months(on, -BACK_MONTHS):
        return _("The period is over for too long; what it shows is a matter of record.")
    if owed.earliest > add_months(on, AHEAD_MONTHS):
        return _("The period is too far ahead.")
    return {
        Status.MET: _("It was done; there is nothing to waive."),
        Status.WAIVED: _("This is waived already."),
        Status.VACATION: _("The period is vacation; nothing is asked in it."),
    }.get(owed.status, "")


@transaction.atomic
def revoke(waiver: Waiver, *, words: str, by: User | None, on: date) -> Waiver:
    """Take a waiver back: the duty stands again. Raise ``RuleError`` when somebody else was first."""
    words = _kept(words)
    changed = Waiver.objects.filter(pk=waiver.pk, revoked_on=None).update(
        revoked_on=on, revoked_by=by, revoked_words=words
    )
    if not changed:
        raise RuleError(_("The waiver was taken back already."))
    waiver.refresh_from_db()
    audit.record("obligations.waiver_revoked", waiver, by=by, reason=words)
    return waiver


def _kept(words: str) -> str:
    words = words.strip()
    if not words:
        raise RuleError({"reason": _("Give the reason.")})
    if len(words) > REASON_MAX:
        raise RuleError({"reason": _("At most %(count)d characters.") % {"count": REASON_MAX}})
    return words
