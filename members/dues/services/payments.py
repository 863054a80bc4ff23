"""Record what was paid, once each month and person, with a numbered receipt; take a record back by a reversal."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from .. import notices
from ..channels import channels
from ..models import DuesLedger, DuesPayment, PaymentKind
from ..months import as_text, month_of
from ..queries.facts import facts_of
from ..rules import FEN, PersonFacts, amount_owed, refusals_of_payment


@dataclass(frozen=True, slots=True)
class Line:
    """One month of one person; without ``amount`` what is owed."""

    person_id: int
    month: date
    amount: Decimal | None = None


def record_payment(
    person: Member,
    month: date,
    *,
    branch: Organization,
    paid_on: date,
    channel: str,
    by: User | None,
    on: date,
    amount: Decimal | None = None,
    token: uuid.UUID | None = None,
    reference: str = "",
) -> DuesPayment:
    """Record one month of one person; raises what ``record_payments`` does."""
    return record_payments(
        [Line(person.pk, month, amount)],
        branch=branch,
        paid_on=paid_on,
        channel=channel,
        reference=reference,
        token=token or uuid.uuid4(),
        by=by,
        on=on,
    )[0]


@transaction.atomic
def record_payments(
    lines: Sequence[Line],
    *,
    branch: Organization,
    paid_on: date,
    channel: str,
    token: uuid.UUID,
    by: User | None,
    on: date,
    reference: str = "",
) -> list[DuesPayment]:
    """Record months of people that ``branch`` collects: all of them or, with every reason, none.

    The same ``token`` again records nothing and returns what it recorded. The number of statements does not depend on
    the number of lines. Raises ``RuleError`` with the article and the arithmetic of each line that is refused.
    """
    lines = [Line(line.person_id, month_of(line.month), _fen(line.amount)) for line in lines]
    if channels.get(channel) is None:
        raise RuleError(_("Choose how it was paid."))
    if not lines:
        raise RuleError(_("Choose at least one person."))
    # The ledger before the people: it numbers the receipts, and whoever comes second sees what the first has written.
    ledger = _hold(branch)
    known = list(DuesPayment.objects.filter(token=token, organization=branch).order_by("pk"))
    if known:
        return known
    keys = {line.person_id for line in lines}
    held = Member.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys)
    people = {person.pk: person for person in held.select_related("user").order_by("pk")}
    months = [line.month for line in lines]
    facts = facts_of(keys, min(months), max(months))
    _refuse(lines, people, facts, branch, paid_on, on)
    made = _write(lines, people, facts, branch=ledger.organization, paid_on=paid_on, channel=channel,
                  reference=reference, token=token, by=by)  # fmt: skip
    audit.record_many(
        "dues.recorded",
        [
            (DuesPayment, row.pk, row.receipt_no, people[row.person_id].user_id, _changes(row), row.organization_id)
            for row in made
        ],
        by=by,
    )
    _tell(made, people)
    return made


def _fen(amount: Decimal | None) -> Decimal | None:
    if amount is None:
        return None
    if not amount.is_finite() or amount != amount.quantize(FEN) or amount >= 10**8:
        raise RuleError(_("Write the amount in yuan, with at most two decimals."))
    return amount


def _hold(branch: Organization) -> DuesLedger:
    ledger = (
        DuesLedger.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organization")
        .filter(organization=branch)
        .first()
    )
    if ledger is None:
        raise RuleError(_("This branch does not keep its dues here: open its ledger first."))
    return ledger


def _refuse(
    lines: Sequence[Line],
    people: dict[int, Member],
    facts: dict[int, PersonFacts],
    branch: Organization,
    paid_on: date,
    on: date,
) -> None:
    """Raise ``RuleError`` with every reason of every line, the person's name in front."""
    reasons, seen = [], set()
    for line in lines:
        if line.person_id not in people or (line.person_id, line.month) in seen:
            raise RuleError(_("The list names a person twice, or one who is not there."))
        seen.add((line.person_id, line.month))
        found = refusals_of_payment(
            facts[line.person_id], line.month, nodes=[branch.pk], amount=line.amount, paid_on=paid_on, on=on
        )
        reasons += [
            _("%(name)s: %(reason)s") % {"name": people[line.person_id].name, "reason": refusal} for refusal in found
        ]
    if reasons:
        raise RuleError(list(dict.fromkeys(reasons)))


def _write(
    lines: Sequence[Line],
    people: dict[int, Member],
    facts: dict[int, PersonFacts],
    *,
    branch: Organization,
    paid_on: date,
    channel: str,
    reference: str,
    token: uuid.UUID,
    by: User | None,
) -> list[DuesPayment]:
    serial = _last_serial(branch, paid_on.year)
    rounds = _rounds(lines)
    rows = []
    for number, line in enumerate(lines, serial + 1):
        owed = amount_owed(facts[line.person_id], line.month)
        assert owed is not None  # refused otherwise
        rows.append(
            DuesPayment(
                person_id=line.person_id,
                organization=branch,
                month=line.month,
                round=rounds.get((line.person_id, line.month), 0) + 1,
                owed=owed,
                amount=owed if line.amount is None else line.amount,
                paid_on=paid_on,
                is_makeup=month_of(paid_on) > line.month,
                channel=channel,
                reference=reference,
                receipt_year=paid_on.year,
                receipt_serial=number,
                receipt_no=receipt_number(branch, paid_on.year, number),
                token=token,
                recorded_by=by,
            )
        )
    DuesPayment.objects.bulk_create(rows, batch_size=500)
    return rows


def _rounds(lines: Iterable[Line]) -> dict[tuple[int, date], int]:
    """Return how often each month has been recorded before."""
    lines = list(lines)
    rows = DuesPayment.objects.filter(
        person__in={line.person_id for line in lines},
        month__in={line.month for line in lines},
        kind=PaymentKind.PAYMENT,
    )
    latest = rows.order_by().values("person_id", "month").annotate(latest=Max("round"))
    return {(row["person_id"], row["month"]): row["latest"] for row in latest}


def _last_serial(branch: Organization, year: int) -> int:
    """Return the last number given out in a year; the caller holds the ledger."""
    rows = DuesPayment.objects.filter(organization=branch, receipt_year=year)
    return rows.aggregate(last=Max("receipt_serial"))["last"] or 0


def receipt_number(branch: Organization, year: int, serial: int) -> str:
    """Return the number printed on a receipt: branch, year, number in the year."""
    return f"{branch.code}-{year}-{serial:05d}"


def _changes(row: DuesPayment) -> dict[str, list[object]]:
    return {"month": ["", as_text(row.month)], "amount": ["", row.amount], "channel": ["", row.channel]}


def _tell(made: Sequence[DuesPayment], people: dict[int, Member]) -> None:
    """Tell each payer that the month is recorded: one message for each month, whatever the number of people."""
    by_month: dict[date, list[int]] = {}
    for row in made:
        by_month.setdefault(row.month, []).append(people[row.person_id].user_id)
    for month, user_ids in by_month.items():
        post(
            notices.RECORDED.code,
            key=f"dues_recorded:{made[0].token}:{as_text(month)}",
            recipients=user_ids,
            params={"month": month, "branch": str(made[0].organization)},
            url=reverse("members:dues:my-dues"),
        )


@transaction.atomic
def correct_payment(
    payment: DuesPayment, *, reason: str, by: User | None, on: date, token: uuid.UUID | None = None
) -> DuesPayment:
    """Take a payment back by a reversal with its own number; the month is open again. Nothing recorded is changed.

    Raises ``RuleError`` without a reason, for a reversal, and for what was taken back before.
    """
    if not reason.strip():
        raise RuleError({"reason": _("Say why it is taken back.")})
    branch = _hold(payment.organization).organization
    payment = DuesPayment.objects.select_related("person__user").get(pk=payment.pk)
    if payment.kind != PaymentKind.PAYMENT:
        raise RuleError(_("A reversal is not taken back: record the month anew."))
    if DuesPayment.objects.filter(reverses=payment).exists():
        raise RuleError(_("This payment has been taken back already."))
    serial = _last_serial(branch, on.year) + 1
    made = DuesPayment(
        person=payment.person,
        organization=branch,
        kind=PaymentKind.REVERSAL,
        month=payment.month,
        round=payment.round,
        owed=payment.owed,
        amount=-payment.amount,
        paid_on=on,
        channel=payment.channel,
        reference=payment.reference,
        receipt_year=on.year,
        receipt_serial=serial,
        receipt_no=receipt_number(branch, on.year, serial),
        reverses=payment,
        reason=reason.strip(),
        token=token or uuid.uuid4(),
        recorded_by=by,
    )
    made.full_clean()
    made.save()
    audit.record(
        "dues.corrected",
        made,
        by=by,
        about=payment.person.user,
        at=branch,
        reason=reason,
        changes={"receipt": [payment.receipt_no, made.receipt_no], "amount": [payment.amount, made.amount]},
    )
    post(
        notices.CORRECTED.code,
        key=f"dues_corrected:{made.pk}",
        recipients=[payment.person.user_id],
        params={"month": payment.month, "receipt": payment.receipt_no, "words": reason.strip()},
        url=reverse("members:dues:my-dues"),
    )
    return made


def record_receipts(payments: Iterable[DuesPayment], *, by: User) -> None:
    """Keep in the trail that receipts were taken along on paper; the payments come with their people."""
    audit.record_many(
        "dues.receipt.exported",
        (
            (
                DuesPayment, row.pk, row.receipt_no, row.person.user_id, {"receipt": ["", row.receipt_no]},
                row.organization_id,
            )  # fmt: skip
            for row in payments
        ),
        by=by,
    )
