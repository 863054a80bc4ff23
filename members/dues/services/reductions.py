"""Less or no dues in hardship: the branch studies and asks, the committee above decides (DF08)."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member
from portal.access.policy import holders
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.web.refusals import RuleError

from .. import notices
from ..models import Reduction, ReductionState
from ..months import as_text, month_of
from ..queries.facts import facts_of
from ..queries.people import branch_of
from ..rules import MEMBERS, refusals_of_reduction

OPEN_STATES = (ReductionState.ASKED, ReductionState.APPROVED)


@transaction.atomic
def ask_reduction(
    person: Member,
    *,
    first: date,
    last: date,
    amount: Decimal,
    reason: str,
    decided_on: date,
    by: User | None,
    on: date,
) -> Reduction:
    """Ask the committee for less dues, ``amount`` a month (0: none), as the branch decided on ``decided_on``.

    Raises ``RuleError`` with every reason, and for oneself.
    """
    if by is not None and by.pk == person.user_id:
        raise RuleError(_("Nobody records a reduction for themselves: ask another officer of the branch."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say what the branch found.")})
    first, last = month_of(first), month_of(last)
    person = (
        Member.objects.select_for_update(no_key=True, of=("self",))
        .select_related("user", "organization")
        .get(pk=person.pk)
    )
    branch = branch_of(person)
    if branch is None or person.standing not in MEMBERS:
        raise RuleError(_("Only members of a branch that keeps its dues here owe dues."))
    _refuse(person, first, last, amount, decided_on, on)
    made = Reduction(
        person=person, organization=branch, first=first, last=last, amount=amount, reason=reason.strip(),
        decided_on=decided_on, asked_by=by,
    )  # fmt: skip
    made.full_clean()
    made.save()
    audit.record(
        "dues.reduction_asked",
        made,
        by=by,
        about=person.user,
        at=branch,
        changes={"months": ["", f"{as_text(first)} – {as_text(last)}"], "amount": ["", amount]},
    )
    approvers = holders("answer", made).exclude(pk=person.user_id)
    post(
        notices.REDUCTION_ASKED.code,
        key=f"dues_reduction:{made.pk}:asked",
        recipients=approvers if by is None else approvers.exclude(pk=by.pk),
        params={"name": person.name, "branch": str(branch)},
        url=made.get_absolute_url(),
    )
    return made


def _refuse(person: Member, first: date, last: date, amount: Decimal, decided_on: date, on: date) -> None:
    rows = Reduction.objects.filter(person=person, state__in=OPEN_STATES)
    taken = list(rows.order_by("first").values_list("first", "last"))
    facts = facts_of([person.pk], first, max(first, last))[person.pk]
    found = refusals_of_reduction(
        facts, first=first, last=last, amount=amount, taken=taken, decided_on=decided_on, on=on
    )
    if found:
        raise RuleError([str(refusal) for refusal in found])


def approve_reduction(reduction: Reduction, *, by: User | None, on: date, words: str = "") -> Reduction:
    """Approve what the branch asked; raise ``RuleError`` when it is answered already or one's own."""
    return _answer(reduction, ReductionState.APPROVED, words=words, by=by)


def refuse_reduction(reduction: Reduction, *, words: str, by: User | None, on: date) -> Reduction:
    """Refuse what the branch asked, with the reason in words; raises like ``approve_reduction``."""
    if not words.strip():
        raise RuleError({"words": _("Say why it is refused.")})
    return _answer(reduction, ReductionState.REFUSED, words=words, by=by)


@transaction.atomic
def _answer(reduction: Reduction, state: ReductionState, *, words: str, by: User | None) -> Reduction:
    reduction = (
        Reduction.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person__user", "organization")
        .get(pk=reduction.pk)
    )
    if reduction.state != ReductionState.ASKED:
        raise RuleError(_("This has been answered already."))
    if by is not None and by.pk in (reduction.person.user_id, reduction.asked_by_id):
        raise RuleError(_("Whoever asked for a reduction does not approve it."))
    reduction.state, reduction.words = state, words.strip()
    reduction.answered_by, reduction.answered_at = by, timezone.now()
    reduction.full_clean()
    reduction.save(update_fields=["state", "words", "answered_by", "answered_at"])
    audit.record(
        f"dues.reduction_{state.value}",
        reduction,
        by=by,
        about=reduction.person.user,
        at=reduction.organization,
        reason=reduction.words,
        changes={"state": [ReductionState.ASKED.value, state.value]},
    )
    told = [reduction.person.user_id, reduction.asked_by_id]
    post(
        notices.REDUCTION_ANSWERED.code,
        key=f"dues_reduction:{reduction.pk}:{state.value}",
        recipients=[pk for pk in told if pk is not None],
        params={
            "name": reduction.person.name, "state": state.value, "first": reduction.first, "last": reduction.last,
            "amount": str(reduction.amount),
        },
        url=reduction.get_absolute_url(),
    )  # fmt: skip
    return reduction
