"""Receipts on paper: what they say, who takes them, and what is kept of it."""

from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import translation

from members.dues import services
from members.dues.months import as_text
from members.dues.printing import RECEIPT, Receipts, Slip, capital, slips_of
from portal.audit.models import AuditEntry
from portal.documents.services import render
from tests.portal.documents.reading import docx_text, pdf_text

READERS = {"pdf": pdf_text, "docx": docx_text}


def url(name, *args):
    return reverse(f"members:dues:{name}", args=args)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.20", "贰角整"),
        ("0.05", "伍分"),
        ("5", "伍元整"),
        ("10.05", "壹拾元零伍分"),
        ("15.50", "壹拾伍元伍角整"),
        ("105.23", "壹佰零伍元贰角叁分"),
        ("1000", "壹仟元整"),
        ("1010", "壹仟零壹拾元整"),
        ("10005", "壹万零伍元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("1200000", "壹佰贰拾万元整"),
        ("2000000003.10", "贰拾亿零叁元壹角整"),
        ("-5.20", "负伍元贰角整"),
    ],
)
def test_sum_is_said_in_the_words_of_vouchers(amount, words):
    assert capital(Decimal(amount)) == words


@pytest.mark.parametrize("format", READERS)
def test_receipt_says_all_that_the_page_says(format):
    slip = Slip(
        number="B1-2026-00001", payer="张三", payer_number="20240018", month=date(2026, 11, 1), amount=Decimal("5.20"),
        paid_on=date(2026, 11, 22), channel="现金", reference="R-7", branch="第一党支部", receiver="李四",
        is_makeup=True,
    )  # fmt: skip
    text = READERS[format](render(RECEIPT, Receipts((slip,)), format=format))
    for words in (
        "党费收据", "B1-2026-00001", "张三（20240018）", "2026年11月（补交）", "¥5.20", "人民币伍元贰角整",
        "2026年11月22日", "现金R-7", "第一党支部", "收款人：李四",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.django_db
def test_receipt_is_chinese_whoever_reads_it(desk):
    desk.student("member")
    with translation.override("en"):
        facts = slips_of([desk.pay("member")])
    assert facts.slips[0].channel == "现金"


@pytest.mark.django_db
def test_payer_and_clerk_take_a_receipt_and_the_trail_keeps_it(desk):
    desk.student("member")
    paid = desk.pay("member")
    for name in ("member", "secretary"):
        answer = desk.world.client(name).post(url("receipt-print", paid.pk))
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
        assert f"党费收据-{paid.receipt_no}.pdf" in unquote(answer["Content-Disposition"])
        assert paid.receipt_no in pdf_text(answer.content)
    assert desk.world.client("peer").post(url("receipt-print", paid.pk)).status_code == 404
    assert desk.world.client("member").get(url("receipt-print", paid.pk)).status_code == 405
    about = AuditEntry.objects.filter(verb="dues.receipt.exported").values_list("about", "by", "organization")
    person, clerk, branch = desk.world.users["member"].pk, desk.world.users["secretary"].pk, desk.world.branch.pk
    assert list(about.order_by("pk")) == [(person, person, branch), (person, clerk, branch)]


@pytest.mark.django_db
def test_receipts_of_a_month_are_one_paper_to_be_cut_apart(desk):
    for name in ("member", "contact"):
        desk.student(name)
    paid = [desk.pay(name) for name in ("member", "contact")]
    client, asked = desk.world.client("secretary"), {"organization": desk.world.branch.pk, "month": as_text(desk.month)}
    text = pdf_text(client.post(url("receipt-list-print"), asked).content)
    assert [row.receipt_no in text for row in paid] == [True, True]
    assert text.count("党费收据") == 2
    assert AuditEntry.objects.filter(verb="dues.receipt.exported").count() == 2
    assert client.post(url("receipt-list-print"), {**asked, "month": "2001-01"}).status_code == 409
    assert client.post(url("receipt-list-print"), {**asked, "token": "x"}).status_code == 404
    assert desk.world.client("neighbor").post(url("receipt-list-print"), asked).status_code == 404


@pytest.mark.django_db
def test_receipt_that_was_taken_back_says_so_on_both_papers(desk):
    desk.student("member")
    paid = desk.pay("member")
    back = services.correct_payment(paid, reason="Wrong person", by=desk.world.user("secretary"), on=desk.today)
    client = desk.world.client("secretary")
    void = pdf_text(client.post(url("receipt-print", paid.pk)).content)
    assert "本收据已作废" in void and back.receipt_no in void and "Wrongperson" in void
    reversal = pdf_text(client.post(url("receipt-print", back.pk)).content)
    assert "党费退回凭证" in reversal and paid.receipt_no in reversal and "负" in reversal
