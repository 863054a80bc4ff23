"""Confirm what a person owes each month, and open the base behind it."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.web.refusals import RuleError

from .. import notices
from ..models import DuesStandard
from ..months import as_text, distance, in_words, month_of
from ..queries.facts import rules_on
from ..rules import FEN, FIXED, MEMBERS, assess

MASK = "***"
BASE_MAX = Decimal(10_000_000)


@transaction.atomic
def set_standard(
    person: Member, *, kind: str, base: Decimal | None, month: date, by: User | None, on: date
) -> DuesStandard:
    """Confirm from which base the dues of ``person`` are reckoned from ``month`` on; the one before ends with it.

    What was paid stays as it was. Raises ``RuleError`` for oneself, for somebody who is no member, and for a month
    before the present standard began; ``ValidationError`` by field for a base that cannot be one.
    """
    if by is not None and by.pk == person.user_id:
        raise RuleError(_("Nobody confirms their own base: ask another officer of the branch or the committee."))
    month, rules = month_of(month), rules_on(on)
    _check_base(kind, base)
    person = Member.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.standing not in MEMBERS:
        raise RuleError(_("Only members owe dues."))
    if abs(distance(month, month_of(on))) > rules.make_up_months:
        raise ValidationError(
            {"month": _("Choose a month at most %(most)d months away.") % {"most": rules.make_up_months}}
        )
    present = DuesStandard.objects.filter(person=person, until=None, voided_at=None).first()
    if present is not None:
        if month < present.valid_from:
            raise ValidationError(
                {"month": _("The present standard began with %(month)s.") % {"month": in_words(present.valid_from)}}
            )
        if month == present.valid_from:
            present.voided_at = timezone.now()
        else:
            present.until = month - timedelta(days=1)
        present.save(update_fields=["until", "voided_at"])
    found = assess(kind, base, rules)
    made = DuesStandard(
        person=person,
        kind=kind,
        base="" if kind in FIXED else str(base),
        amount=found.amount,
        edition=rules.code,
        article=found.article,
        valid_from=month,
        confirmed_by=by,
    )
    made.full_clean(exclude=["base"])
    made.save()
    audit.record(
        "dues.standard_set",
        made,
        by=by,
        about=person.user,
        at=person.organization,
        changes={
            "kind": [present.kind if present else "", kind],
            "base": [MASK if present and present.base else "", MASK if made.base else ""],
            "amount": [present.amount if present else "", made.amount],
            "month": ["", as_text(month)],
        },
    )
    post(
        notices.STANDARD_SET.code,
        key=f"dues_standard:{made.pk}",
        recipients=[person.user_id],
        params={"amount": str(made.amount), "month": month},
        url=reverse("members:dues:my-dues"),
    )
    return made


def _check_base(kind: str, base: Decimal | None) -> None:
    if kind in FIXED:
        return
    if base is None or not base.is_finite() or base < 0 or base > BASE_MAX or base != base.quantize(FEN):
        raise ValidationError({"base": _("Write the base in yuan, with at most two decimals.")})


@transaction.atomic
def reveal_base(standard: DuesStandard, *, reason: str, by: User) -> str:
    """Return the base in clear; the look is recorded with its reason and told to the person."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why you need to see it.")})
    entry = audit.record(
        "dues.revealed",
        standard,
        by=by,
        about=standard.person.user,
        at=standard.person.organization,
        reason=reason,
        changes={"field": ["", "base"]},
    )
    post(
        notices.BASE_REVEALED.code,
        key=f"dues.revealed:{entry.pk}",
        recipients=[standard.person.user_id],
        params={"who": by.name, "words": reason},
        url=reverse("audit:mine"),
        by=by,
    )
    return str(standard.base)


@transaction.atomic
def own_base(standard: DuesStandard, *, by: User) -> str:
    """Return the base in clear to the person whose it is; the look is recorded."""
    audit.record(
        "dues.revealed", standard, by=by, about=by, at=standard.person.organization,
        changes={"field": ["", "base"]},
    )  # fmt: skip
    return str(standard.base)
