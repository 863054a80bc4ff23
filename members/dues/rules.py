"""What the regulation on dues says (DF08, domain.md 6.1). Pure: facts and a rule set in, amounts and refusals out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.codes import RETIRED_KINDS, STUDENT_KINDS, PersonKind
from portal.organizations.models import OrganizationType, Standing
from portal.rulesets.words import article_words

from .editions import DuesRules, national
from .months import distance, in_words, last_day, month_of, quarter_end, shifted

FEN = Decimal("0.01")
ROUNDINGS = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}
MEMBERS = frozenset({Standing.PROBATIONARY, Standing.FULL_MEMBER})
# Temporary branches do not collect; whoever lives in a functional or floating branch pays in the home branch.
COLLECTING = frozenset({OrganizationType.BRANCH, OrganizationType.DIRECT_BRANCH, OrganizationType.JOINT_BRANCH})
# How far back a run of unpaid months is followed.
RUN_MAX = 12


class Kind(models.TextChoices):
    """What a person's dues are reckoned from (DF08 art. 1 to 6)."""

    MONTHLY = "monthly", _("monthly pay, after tax")
    ANNUAL = "annual", _("annual salary: the pay of the month")
    IRREGULAR = "irregular", _("irregular income: the monthly mean of the last quarter")
    RETIRED = "retired", _("pension")
    STUDENT = "student", _("student without pay")
    NO_INCOME = "no_income", _("no income, or the minimum living allowance")


FIXED = frozenset({Kind.STUDENT, Kind.NO_INCOME})


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one owes a month, the share it was reckoned with (``None``: a fixed amount) and the article."""

    amount: Decimal
    percent: Decimal | None
    article: str

    def words(self, base: Decimal | None) -> str:
        """Return the arithmetic as people check it."""
        if self.percent is None or base is None:
            return str(_("%(amount)s yuan a month (%(article)s)")) % {
                "amount": self.amount,
                "article": article_words(self.article),
            }
        return str(_("%(base)s × %(percent)s %% = %(amount)s yuan a month (%(article)s)")) % {
            "base": base,
            "percent": self.percent.normalize(),
            "amount": self.amount,
            "article": article_words(self.article),
        }


def assess(kind: str, base: Decimal | None, rules: DuesRules) -> Assessment:
    """Return what somebody of ``kind`` with ``base`` yuan owes a month: one rate on the whole base, to the fen.

    Raises ``ValueError`` where a kind needs a base and has none. Source: DF08 art. 1 to 6.
    """
    if kind in FIXED:
        return Assessment(rules.student if kind == Kind.STUDENT else rules.no_income, None, rules.fixed_article)
    if base is None or base < 0:
        raise ValueError("this kind of dues is reckoned from a base")
    brackets = rules.pension if kind == Kind.RETIRED else rules.pay
    bracket = next(bracket for bracket in brackets if bracket.upto is None or base <= bracket.upto)
    amount = (base * bracket.percent / 100).quantize(FEN, ROUNDINGS[rules.rounding])
    return Assessment(amount, bracket.percent, bracket.article)


def usual_kind(person_kind: str) -> Kind:
    """Return what is usual for a kind of person: where a form begins."""
    if pays_fixed(person_kind):
        return Kind.STUDENT
    return Kind.RETIRED if person_kind in RETIRED_KINDS else Kind.MONTHLY


def pays_fixed(person_kind: str) -> bool:
    """Say whether the fixed amount of students is owed without anybody confirming a base.

    In-service students are paid and owe like staff.
    """
    return person_kind in STUDENT_KINDS and person_kind != PersonKind.IN_SERVICE


@dataclass(frozen=True, slots=True)
class Stay:
    """Where a person belonged, with which standing, from a day until a day."""

    node_id: int
    standing: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class StandardFact:
    """A confirmed amount that holds from a month until a month, both included."""

    first: date
    last: date | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReductionFact:
    """An approved reduction: what is owed instead in these months; nothing for a waiver."""

    first: date
    last: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaidFact:
    """A payment that stands."""

    month: date
    amount: Decimal
    receipt_no: str = ""
    paid_on: date | None = None
    channel: str = ""
    pk: int = 0


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All that the dues of one person follow from. ``ledgers`` maps nodes to the month their ledger begins with."""

    person_kind: str = ""
    standing: str = Standing.FULL_MEMBER
    joined_on: date | None = None
    stays: Sequence[Stay] = ()
    standards: Sequence[StandardFact] = ()
    reductions: Sequence[ReductionFact] = ()
    paid: dict[date, PaidFact] = field(default_factory=dict)
    ledgers: dict[int, date] = field(default_factory=dict)
    rules: DuesRules = field(default_factory=national)


def counts(stay: Stay, facts: PersonFacts, month: date) -> bool:
    """Say whether dues of ``month`` are owed for a stay.

    Members owe; of whoever was admitted, the months from the congress on are owed too (DF08 art. 8), though the
    standing is written only with the approval.
    """
    last = last_day(month)
    if stay.since > last or (stay.until is not None and stay.until < month):
        return False
    if stay.node_id not in facts.ledgers or facts.ledgers[stay.node_id] > month:
        return False
    if stay.standing in MEMBERS:
        return True
    return facts.standing in MEMBERS and facts.joined_on is not None and facts.joined_on <= last


def owed_in(facts: PersonFacts, month: date) -> int | None:
    """Return the node in which ``month`` is owed: the first the person belonged to in it; ``None`` when none."""
    found = [stay for stay in facts.stays if counts(stay, facts, month)]
    return min(found, key=lambda stay: stay.since).node_id if found else None


def amount_owed(facts: PersonFacts, month: date) -> Decimal | None:
    """Return what is owed for ``month`` by reduction, standard or the students' rule; ``None``: not confirmed yet."""
    for reduction in facts.reductions:
        if reduction.first <= month <= reduction.last:
            return reduction.amount
    for standard in facts.standards:
        if standard.first <= month and (standard.last is None or month <= standard.last):
            return standard.amount
    return facts.rules.student if pays_fixed(facts.person_kind) else None


class MonthState(models.TextChoices):
    """How a person stands in one month."""

    NOT_OWED = "not_owed", _("not owed")
    PAID = "paid", _("paid")
    WAIVED = "waived", _("waived")
    UNSET = "unset", _("base not confirmed")
    OPEN = "open", _("open")
    UNPAID = "unpaid", _("unpaid")
    LOST = "lost", _("can no longer be made up")

    @property
    def tone(self) -> str:
        """Return the tone in which pages show the state."""
        return _TONES.get(self.value, "neutral")


_TONES = {"paid": "success", "unpaid": "danger", "lost": "danger", "unset": "warning", "open": "waiting"}


def state_of(facts: PersonFacts, month: date, *, on: date) -> MonthState:
    """Say how a person stands in ``month`` as of a day."""
    if month in facts.paid:
        return MonthState.PAID
    if owed_in(facts, month) is None:
        return MonthState.NOT_OWED
    amount = amount_owed(facts, month)
    if amount == 0:
        return MonthState.WAIVED
    if distance(month, month_of(on)) > facts.rules.make_up_months:
        return MonthState.LOST
    if amount is None:
        return MonthState.UNSET
    return MonthState.OPEN if month >= month_of(on) else MonthState.UNPAID


def unpaid_run(facts: PersonFacts, *, on: date, last_paid: date | None = None) -> int:
    """Return how many months in a row, up to the last one that is over, were owed and not paid; at most ``RUN_MAX``.

    A month paid or waived ends the run; one that was not owed neither counts nor ends it. ``last_paid`` stands for the
    payments where only the latest month is known. Source: DJ art. 31, DF08 art. 13.
    """
    run, month = 0, month_of(on)
    for _step in range(RUN_MAX):
        month = shifted(month, -1)
        if month in facts.paid or (last_paid is not None and month <= last_paid):
            break
        if owed_in(facts, month) is None:
            continue
        if amount_owed(facts, month) == 0:
            break
        run += 1
    return run


class Risk(models.TextChoices):
    """How near a run of unpaid months comes to the six of DJ article 31."""

    NONE = "none", _("none")
    WARNED = "warned", _("three months unpaid")
    NEAR = "near", _("five months unpaid")
    REACHED = "reached", _("six months unpaid (DJ art. 31)")


def risk_of(run: int, rules: DuesRules) -> Risk:
    """Return the risk of a run of unpaid months. Source: domain.md 3.7, ``dues_unpaid``."""
    if run >= rules.risk_months:
        return Risk.REACHED
    if run >= rules.near_months:
        return Risk.NEAR
    return Risk.WARNED if run >= rules.warn_months else Risk.NONE


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be recorded: a code, the article, and words with their numbers."""

    code: str
    article: str
    template: Any
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        values = {**self.params, "article": article_words(self.article)}
        words = {name: in_words(value) if isinstance(value, date) else value for name, value in values.items()}
        return str(self.template) % words


def refusals_of_payment(
    facts: PersonFacts,
    month: date,
    *,
    nodes: Collection[int],
    amount: Decimal | None,
    paid_on: date,
    on: date,
) -> list[Refusal]:
    """Return everything that forbids recording ``amount`` for ``month``; ``amount`` ``None`` means what is owed.

    ``nodes`` are those of the collecting branch. Source: DF08 art. 7, 9, 10, 12.
    """
    rules = facts.rules
    found = []
    if paid_on > on:
        found.append(Refusal("future", "", _("The day of payment lies in the future.")))
    if month in facts.paid:
        receipt = facts.paid[month].receipt_no
        words = _("%(month)s is paid already, receipt %(receipt)s.")
        found.append(Refusal("paid", rules.monthly_article, words, {"month": month, "receipt": receipt}))
    node = owed_in(facts, month)
    if node is None:
        words = _("No dues are owed for %(month)s: not a member then, or no branch that collected.")
        found.append(Refusal("not_owed", rules.where_article, words, {"month": month}))
    elif node not in nodes:
        words = _("Dues for %(month)s are owed to another branch, where the relation then was (%(article)s).")
        found.append(Refusal("elsewhere", rules.where_article, words, {"month": month}))
    late = distance(month, month_of(paid_on))
    if late > rules.make_up_months:
        words = _(
            "Dues are made up for at most %(most)d months (%(article)s): from %(month)s to %(paid)s it is %(late)d."
        )
        params = {"most": rules.make_up_months, "month": month, "paid": month_of(paid_on), "late": late}
        found.append(Refusal("too_late", rules.make_up_article, words, params))
    if month > quarter_end(paid_on):
        words = _("Dues are paid by the month, at most for the current quarter in advance (%(article)s): %(month)s.")
        found.append(Refusal("too_early", rules.monthly_article, words, {"month": month}))
    found += _refusals_of_amount(facts, month, amount, node, rules)
    return found


def _refusals_of_amount(
    facts: PersonFacts, month: date, amount: Decimal | None, node: int | None, rules: DuesRules
) -> Iterable[Refusal]:
    owed = amount_owed(facts, month)
    if node is None or month in facts.paid:
        return
    if owed is None:
        words = _("The base of the dues is not confirmed yet (%(article)s); confirm it first.")
        yield Refusal("unset", rules.base_article, words)
    elif amount is None and owed == 0:
        words = _("The dues for %(month)s are waived (%(article)s): nothing is to be paid.")
        yield Refusal("waived", rules.reduction_article, words, {"month": month})
    elif amount is not None and amount < owed:
        words = _(
            "%(amount)s yuan is less than the %(owed)s yuan owed for %(month)s; less is paid only when the committee "
            "has approved it (%(article)s)."
        )
        yield Refusal("too_little", rules.reduction_article, words, {"amount": amount, "owed": owed, "month": month})
    elif amount is not None and amount <= 0:
        yield Refusal("nothing", "", _("The amount must be more than nothing."))


def refusals_of_reduction(
    facts: PersonFacts,
    *,
    first: date,
    last: date,
    amount: Decimal,
    taken: Sequence[tuple[date, date]],
    decided_on: date,
    on: date,
) -> list[Refusal]:
    """Return everything that forbids asking for a reduction; ``taken`` are the months others cover. DF08 art. 7."""
    rules = facts.rules
    found = []
    if last < first:
        found.append(Refusal("order", "", _("The last month cannot come before the first.")))
    elif (length := distance(first, last) + 1) > rules.reduction_months:
        words = _("A reduction is studied anew after %(most)d months; this is %(length)d.")
        found.append(Refusal("too_long", "", words, {"most": rules.reduction_months, "length": length}))
    if (late := distance(first, month_of(on))) > rules.make_up_months:
        words = _("A reduction begins at most %(most)d months back; %(month)s is %(late)d months ago.")
        found.append(
            Refusal(
                "too_late", rules.make_up_article, words, {"most": rules.make_up_months, "month": first, "late": late}
            )
        )
    if decided_on > on:
        found.append(Refusal("future", "", _("The branch cannot have decided in the future.")))
    for begun, ended in taken:
        if first <= ended and begun <= last:
            words = _("Another reduction covers %(begun)s to %(ended)s.")
            found.append(Refusal("overlap", "", words, {"begun": begun, "ended": ended}))
    owed = amount_owed(replace(facts, reductions=()), first)
    if owed is None:
        words = _("The base of the dues is not confirmed yet (%(article)s); confirm it first.")
        found.append(Refusal("unset", rules.base_article, words))
    elif amount >= owed:
        words = _("%(amount)s yuan is no less than the %(owed)s yuan owed (%(article)s).")
        found.append(Refusal("not_less", rules.reduction_article, words, {"amount": amount, "owed": owed}))
    return found
