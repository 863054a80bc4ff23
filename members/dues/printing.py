"""Receipts for party dues on paper, one or many, to be cut apart. Drawn by ``portal.documents``.

A receipt is Chinese whatever language its reader uses; the sum stands in figures and in words, as vouchers have it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.documents.registry import Paper, papers
from portal.documents.sheets import (
    Block,
    Cut,
    Note,
    Pairs,
    Paragraphs,
    Sheet,
    Sides,
    Signature,
    Style,
    Title,
    day_words,
    signed,
)

from .models import DuesPayment, PaymentKind

RECEIPT = "dues.receipt"
_TITLE, _BACK = "党费收据", "党费退回凭证"
_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


@dataclass(frozen=True, slots=True)
class Slip:
    """One receipt. ``takes_back`` is the number of the payment a reversal undoes, ``taken_back`` the other way."""

    number: str = ""
    payer: str = ""
    payer_number: str = ""
    month: date | None = None
    amount: Decimal = Decimal()
    paid_on: date | None = None
    channel: str = ""
    reference: str = ""
    branch: str = ""
    receiver: str = ""
    is_makeup: bool = False
    takes_back: str = ""
    taken_back: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipts:
    """The slips of one paper, in the order of their numbers."""

    slips: tuple[Slip, ...] = ()


def slips_of(payments: Iterable[DuesPayment]) -> Receipts:
    """Return what the receipts say; the payments come with person, organization, recorder and their reversals."""
    with translation.override("zh-hans"):
        return Receipts(tuple(_slip(payment) for payment in payments))


def _slip(payment: DuesPayment) -> Slip:
    reversal = getattr(payment, "reversal", None)
    is_back = payment.kind == PaymentKind.REVERSAL
    return Slip(
        number=payment.receipt_no,
        payer=payment.person.user.name,
        payer_number=payment.person.user.number,
        month=payment.month,
        amount=payment.amount,
        paid_on=payment.paid_on,
        channel=str(payment.channel_label),
        reference=payment.reference,
        branch=payment.organization.name,
        receiver=payment.recorded_by.name if payment.recorded_by else "",
        is_makeup=payment.is_makeup,
        takes_back=payment.reverses.receipt_no if is_back and payment.reverses else "",
        taken_back=reversal.receipt_no if reversal else "",
        reason=payment.reason if is_back else (reversal.reason if reversal else ""),
    )


def capital(amount: Decimal) -> str:
    """Return a sum in the words that nobody can alter: ``伍元贰角整``; a negative one begins with 负."""
    fen = int(abs(amount) * 100)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_FIGURES[jiao]}角"
    elif yuan and rest:
        words += "零"
    if rest:
        words += f"{_FIGURES[rest]}分"
    sign = "负" if amount < 0 else ""
    return f"{sign}{words or '零元'}{'' if rest else '整'}"


def _whole(number: int) -> str:
    """Return a whole number above nought in words, four figures at a time."""
    parts, place = [], 0
    while number:
        number, group = divmod(number, 10_000)
        if group:
            # A gap before these figures is read as one 零, whatever its width.
            gap = "零" if number and group < 1000 else ""
            parts.append(gap + _group(group) + ("", "万", "亿", "万亿")[place])
        elif parts and number and not parts[-1].startswith("零"):
            parts[-1] = "零" + parts[-1]
        place += 1
    return "".join(reversed(parts))


def _group(number: int) -> str:
    words, gap = "", False
    for place in reversed(range(4)):
        figure = number // 10**place % 10
        if figure:
            words += ("零" if gap and words else "") + _FIGURES[figure] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words


def draw_receipts(facts: Receipts) -> Sheet:
    slips = facts.slips or (Slip(),)
    blocks: list[Block] = []
    for place, slip in enumerate(slips):
        if place:
            blocks += [Cut(), Title(_title(slip))]
        blocks += _blocks(slip)
    return Sheet(_title(slips[0]), tuple(blocks), style=Style.SLIPS)


def _title(slip: Slip) -> str:
    return _BACK if slip.takes_back else _TITLE


def _blocks(slip: Slip) -> list[Block]:
    month = f"{slip.month.year}年{slip.month.month}月" if slip.month else ""
    rows = (
        ("交款人", f"{slip.payer}（{slip.payer_number}）" if slip.payer_number else slip.payer),
        ("党费所属月份", month + ("（补交）" if slip.is_makeup else "")),
        ("金额（小写）", f"¥{slip.amount:.2f}"),
        ("金额（大写）", f"人民币{capital(slip.amount)}"),
        ("交款日期", day_words(slip.paid_on)),
        ("交款方式", " ".join(filter(None, (slip.channel, slip.reference)))),
    )
    found: list[Block] = [Sides(slip.branch, f"No. {slip.number}"), Pairs(rows)]
    if slip.takes_back:
        found.append(Note(f"冲销收据 {slip.takes_back}。原因：{slip.reason}"))
    if slip.taken_back:
        found.append(Paragraphs(f"本收据已作废，由 {slip.taken_back} 冲销。原因：{slip.reason}", indent=False))
    found.append(Signature((signed("收款人", slip.receiver), "（盖章）")))
    return found


def declare() -> None:
    """Register the receipt; called once, when the room is ready."""
    papers.register(Paper(RECEIPT, _("Receipt for party dues"), Receipts, "DF08", draw_receipts))
