"""Each page as people use it, through the browser's requests."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from members.dues import services
from members.dues.models import DuesLedger, DuesPayment, DuesStandard, Reduction
from members.dues.months import as_text, shifted
from portal.audit.models import AuditEntry
from portal.organizations.models import Standing
from tests.factories.people import make_people


def url(name, *args):
    return reverse(f"members:dues:{name}", args=args)


def line(desk, name, month=None):
    return f"{desk.world.member(name).pk}.{as_text(month or desk.month)}"


def test_clerk_sees_the_month_and_records_several_at_once(desk):
    for name in ("member", "contact", "probationary", "retired"):
        desk.student(name)
    client = desk.world.client("secretary")
    page = client.get(url("month"))
    assert page.status_code == 200
    states = {row.name: row.state for row in page.context["page"]}
    assert states["Member"] == "open" and states["Secretary"] == "unset" and "Author" not in states
    lines = [line(desk, name) for name in ("member", "contact")]
    asked = client.get(url("collect"), {"organization": desk.world.branch.pk, "line": lines})
    assert [row.person.name for row in asked.context["lines"]] == ["Contact", "Member"]
    assert DuesPayment.objects.count() == 0
    token = str(asked.context["form"]["token"].value())
    sent = {
        "organization": desk.world.branch.pk, "line": lines, "paid_on": desk.today.isoformat(), "channel": "cash",
        "token": token, f"{lines[0]}-amount": "0.20", f"{lines[1]}-amount": "5",
    }  # fmt: skip
    done = client.post(url("collect"), sent)
    assert done.status_code == 302
    again = client.post(url("collect"), sent)
    assert (again["Location"], DuesPayment.objects.count()) == (done["Location"], 2)
    receipts = client.get(done["Location"])
    assert [row.amount for row in receipts.context["payments"]] == [Decimal("5.00"), Decimal("0.20")]
    rest = client.get(url("collect"), {"organization": desk.world.branch.pk, "month": as_text(desk.month), "all": 1})
    assert sorted(row.person.name for row in rest.context["lines"]) == ["Probationary", "Retired"]
    shown = client.get(url("month"), {"show": "paid"})
    assert sorted(row.name for row in shown.context["page"]) == ["Contact", "Member"]
    empty = client.get(url("month"), {"words": "nobody at all"})
    assert empty.status_code == 200 and list(empty.context["page"]) == []


def test_collection_that_is_refused_comes_back_with_what_was_typed(desk):
    desk.student("member")
    client = desk.world.client("secretary")
    chosen = line(desk, "member")
    sent = {
        "organization": desk.world.branch.pk, "line": chosen, "paid_on": desk.today.isoformat(), "channel": "bank",
        "token": "6f1b9a3e-3a3e-4e52-9d27-3b1d0a5f9a11", f"{chosen}-amount": "0.10",
    }  # fmt: skip
    page = desk.world.client("secretary").post(url("collect"), sent)
    assert page.status_code == 200
    errors = page.context["form"].non_field_errors()
    assert len(errors) == 1 and "0.20" in errors[0]
    assert page.context["lines"][0].form["amount"].value() == "0.10"
    for wrong in ({f"{chosen}-amount": "x"}, {"paid_on": "never"}, {"channel": "barter"}, {"token": ""}):
        assert client.post(url("collect"), {**sent, f"{chosen}-amount": "0.20", **wrong}).status_code == 200
    assert DuesPayment.objects.count() == 0
    nobody = client.post(url("collect"), {**sent, "line": "junk"})
    assert nobody.status_code == 422


def test_collection_shows_nobody_of_another_branch(desk):
    desk.student("neighbor")
    client = desk.world.client("secretary")
    page = client.get(url("collect"), {"organization": desk.world.branch.pk, "line": line(desk, "neighbor")})
    assert (page.status_code, page.context["lines"]) == (200, [])
    assert client.get(url("collect"), {"organization": desk.world.sibling.pk}).status_code == 404
    assert client.get(url("month"), {"organization": desk.world.sibling.pk}).status_code == 404
    assert client.get(url("person-dues", desk.world.member("neighbor").pk)).status_code == 404
    assert desk.world.client("member").get(url("month")).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["organization=x", "organization=99999999999999999999", "organization=-1", "month=2026-13", "month=abc", "show=x",
     "page=x", "year=0000", "year=٢٠٢٦", "month=٢٠٢٦-١١", "words=%00"],
)  # fmt: skip
def test_odd_addresses_are_no_fault(desk, query):
    client = desk.world.client("secretary")
    for page in (
        "month",
        "overview",
        "statement",
        "collect",
        "receipt-list",
        "reduction-list",
        "my-dues",
        "ledger-open",
    ):
        assert client.get(f"{url(page)}?{query}").status_code in (200, 302, 400, 404), page


def test_own_page_shows_months_receipts_and_the_own_base(desk):
    standard = desk.standard("member", month=desk.ago(1))
    paid = desk.pay("member")
    client = desk.world.client("member")
    page = client.get(url("my-dues"))
    assert page.status_code == 200 and "3000.00" not in page.content.decode()
    assert page.content.decode().count(paid.receipt_no) == 2
    assert client.get(url("my-dues"), {"year": desk.today.year - 1}).status_code == 200
    assert client.get(url("receipt", paid.pk)).status_code == 200
    assert client.get(url("payment-correct", paid.pk)).status_code == 403
    asked = client.get(url("base-reveal", standard.pk))
    assert "3000.00" not in asked.content.decode()
    assert client.post(url("base-reveal", standard.pk)).content.decode().count("3000.00") == 1
    assert desk.world.client("outsider").get(url("my-dues")).status_code == 200


def test_clerk_confirms_a_base_and_sees_it_only_with_a_reason(desk):
    client = desk.world.client("secretary")
    person = desk.world.member("member")
    form = url("standard-set", person.pk)
    assert client.get(form).status_code == 200
    wrong = client.post(form, {"kind": "monthly", "base": "", "month": as_text(desk.month)})
    assert list(wrong.context["form"].errors) == ["base"]
    sent = client.post(form, {"kind": "monthly", "base": "5000.01", "month": as_text(desk.month)})
    assert sent["Location"] == url("person-dues", person.pk)
    standard = DuesStandard.objects.get()
    assert standard.amount == Decimal("75.00")
    page = client.get(url("person-dues", person.pk))
    assert page.status_code == 200 and "5000.01" not in page.content.decode()
    reveal = url("base-reveal", standard.pk)
    assert client.post(reveal, {"reason": ""}).content.decode().count("5000.01") == 0
    assert AuditEntry.objects.filter(verb="dues.revealed").count() == 0
    assert client.post(reveal, {"reason": "Asked"}).content.decode().count("5000.01") == 1
    assert AuditEntry.objects.filter(verb="dues.revealed").count() == 1
    assert desk.world.client("contact").get(reveal).status_code == 404
    own = url("standard-set", desk.world.member("secretary").pk)
    refused = client.post(own, {"kind": "student", "month": as_text(desk.month)})
    assert len(refused.context["form"].non_field_errors()) == 1


def test_clerk_records_several_months_of_one_person(desk):
    desk.student("member")
    client, person = desk.world.client("secretary"), desk.world.member("member")
    page = client.get(url("person-dues", person.pk))
    assert page.status_code == 200
    lines = [line(desk, "member", desk.ago(months)) for months in (1, 2)]
    asked = client.get(url("collect"), {"organization": desk.world.branch.pk, "line": lines})
    assert [row.month for row in asked.context["lines"]] == [desk.ago(2), desk.ago(1)]


def test_clerk_takes_a_payment_back(desk):
    desk.student("member")
    paid = desk.pay("member")
    client = desk.world.client("secretary")
    form = url("payment-correct", paid.pk)
    assert client.get(form).status_code == 200
    assert list(client.post(form, {"reason": ""}).context["form"].errors) == ["reason"]
    done = client.post(form, {"reason": "Wrong person"})
    back = DuesPayment.objects.get(reverses=paid)
    assert done["Location"] == url("receipt", back.pk)
    for pk in (paid.pk, back.pk):
        assert client.get(url("receipt", pk)).content.decode().count("Wrong person") == 1
    assert len(client.post(form, {"reason": "Again"}).context["form"].non_field_errors()) == 1
    assert client.get(url("person-dues", desk.world.member("member").pk)).status_code == 200
    assert client.get(url("receipt-list"), {"organization": desk.world.branch.pk}).context["payments"] == []


def test_reduction_goes_from_the_branch_to_the_committee(desk):
    desk.student("member")
    clerk, college = desk.world.client("secretary"), desk.world.client("college")
    form = url("reduction-ask", desk.world.member("member").pk)
    assert clerk.get(form).status_code == 200
    sent = {"first": as_text(desk.month), "last": as_text(shifted(desk.month, 2)), "amount": "0", "reason": "Illness",
            "decided_on": desk.today.isoformat()}  # fmt: skip
    assert len(clerk.post(form, {**sent, "amount": "0.20"}).context["form"].non_field_errors()) == 1
    done = clerk.post(form, sent)
    reduction = Reduction.objects.get()
    assert done["Location"] == reduction.get_absolute_url()
    assert clerk.get(done["Location"]).context["form"] is None
    assert clerk.post(done["Location"], {"decision": "approve"}).status_code == 403
    assert list(college.get(url("reduction-list")).context["page"]) == [reduction]
    assert college.get(done["Location"]).context["form"] is not None
    silent = college.post(done["Location"], {"decision": "refuse", "words": ""})
    assert list(silent.context["form"].errors) == ["words"]
    assert college.post(done["Location"], {"decision": "approve", "words": "Agreed"}).status_code == 302
    assert Reduction.objects.get().state == "approved"
    assert desk.world.client("member").get(done["Location"]).status_code == 200
    assert desk.world.client("neighbor").get(done["Location"]).status_code == 404
    assert college.get(url("reduction-list"), {"state": "approved"}).status_code == 200


def test_committee_sees_its_branches_and_lets_them_begin(desk):
    DuesLedger.objects.filter(organization=desk.world.sibling).delete()
    desk.student("member")
    desk.pay("member")
    client = desk.world.client("college")
    assert client.get(url("month"))["Location"] == f"{url('overview')}?organization={desk.world.unit.pk}"
    page = client.get(url("overview"))
    rows = {row["branch"].organization.code: row["branch"] for row in page.context["rows"]}
    assert (sorted(rows), rows["branch"].totals.paid, rows["sibling"].since) == (["branch", "sibling"], 1, None)
    assert page.context["without"] == 1
    form = f"{url('ledger-open')}?organization={desk.world.unit.pk}"
    assert client.get(form).status_code == 200
    assert client.post(form, {"month": "1999-01"}).status_code == 200
    assert client.post(form, {"month": as_text(desk.month)}).status_code == 302
    assert DuesLedger.objects.get(organization=desk.world.sibling).since == desk.month
    assert len(client.post(form, {"month": as_text(desk.month)}).context["form"].non_field_errors()) == 1
    people = client.get(url("month"), {"organization": desk.world.unit.pk, "show": "unpaid"})
    assert people.status_code == 200 and people.context["is_branch"] is False


def test_numbers_of_the_overview_lead_to_as_many_people(desk):
    make_people(desk.world.sibling, 3, standing=Standing.FULL_MEMBER)
    client = desk.world.client("college")
    for row in client.get(url("overview")).context["rows"]:
        for show in ("paid", "unpaid", "waived", "warned", "reached"):
            people = client.get(f"{row['url']}&show={show}").context["page"].paginator.count
            assert people == getattr(row["branch"].totals, show), show


def test_statement_counts_reversals_against_the_year(desk):
    for name in ("member", "contact"):
        desk.student(name)
    services.correct_payment(desk.pay("member", amount="3"), reason="Wrong", by=None, on=desk.today)
    desk.pay("member")
    desk.pay("contact", desk.ago(1))
    page = desk.world.client("secretary").get(url("statement"))
    found = page.context["statement"]
    assert page.content.decode().count("0.40 yuan") == 2
    assert (page.status_code, found.amount, found.count, found.reversals) == (200, Decimal("0.40"), 2, 1)
    assert [(row.name, row.count, row.amount) for row in found.payers] == [
        ("Contact", 1, Decimal("0.20")), ("Member", 1, Decimal("0.20")),
    ]  # fmt: skip
    assert desk.world.client("secretary").get(url("statement"), {"year": "1999"}).status_code == 200


def test_month_is_taken_along_without_any_base_and_recorded(desk):
    desk.standard("member")
    paid = desk.pay("member")
    client = desk.world.client("secretary")
    answer = client.post(url("export"), {"organization": desk.world.branch.pk, "month": as_text(desk.month)})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = {row[2]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert (rows["Member"][6], rows["Member"][9]) == (15, paid.receipt_no)
    assert all("3000" not in str(cell) for row in rows.values() for cell in row)
    assert AuditEntry.objects.filter(verb="dues.exported").count() == 1


def test_archive_shows_a_block_and_the_timeline_to_the_clerk_and_the_person(desk):
    desk.student("member")
    desk.pay("member")
    person = desk.world.member("member")
    assert (
        desk.world.client("secretary")
        .get(person.get_absolute_url())
        .content.decode()
        .count(url("person-dues", person.pk))
        == 2
    )
    assert desk.world.client("member").get(reverse("members:my-record")).content.decode().count(url("my-dues")) >= 2
