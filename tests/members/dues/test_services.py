"""The verbs of the dues: what each writes, and what it refuses with nothing written."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum

from members.dues import services
from members.dues.models import DuesLedger, DuesPayment, DuesStandard, Reduction
from members.dues.months import as_text, shifted
from members.services import place
from portal.audit.models import AuditEntry
from portal.notifications.models import Notice
from portal.organizations.models import Organization, OrganizationType, Standing
from portal.organizations.services import create_organization
from portal.web.refusals import RuleError


def verbs():
    return list(AuditEntry.objects.filter(verb__startswith="dues.").order_by("pk").values_list("verb", flat=True))


def told(kind):
    return sorted(Notice.objects.filter(message__kind=kind).values_list("recipient__name", flat=True))


def test_ledger_begins_for_every_branch_below_and_never_twice(world):
    from django.utils import timezone

    today = timezone.localdate()
    made = services.open_ledgers(world.unit, month=today, by=world.user("college"), on=today)
    assert sorted(row.organization.code for row in made) == ["branch", "sibling"]
    assert verbs() == ["dues.ledger_opened"] * 2
    with pytest.raises(RuleError):
        services.open_ledgers(world.unit, month=today, by=world.user("college"), on=today)


def test_ledger_refuses_a_month_ahead_or_long_ago_and_a_branch_that_does_not_collect(world):
    from django.utils import timezone

    today = timezone.localdate()
    for months in (1, -7):
        with pytest.raises(RuleError):
            services.open_ledgers(world.branch, month=shifted(today, months), by=None, on=today)
    temporary = create_organization(
        parent=Organization.objects.get(pk=world.unit.pk), by=None, name="T", code="t",
        org_type=OrganizationType.TEMPORARY_BRANCH, established_on=world.since,
    )  # fmt: skip
    with pytest.raises(RuleError):
        services.open_ledgers(temporary, month=today, by=None, on=today)
    assert DuesLedger.objects.count() == 0


def test_standard_is_reckoned_encrypted_and_told(desk):
    made = desk.standard("member")
    assert (made.amount, made.article, made.edition) == (Decimal("15.00"), "DF08 2", "dues-2008")
    stored = DuesStandard.objects.filter(pk=made.pk).extra(select={"raw": "base"}).values_list("raw", flat=True).get()
    assert stored != made.base and made.base == "3000.00"
    entry = AuditEntry.objects.get(verb="dues.standard_set")
    assert entry.changes["base"] == ["", "***"]
    assert told("dues_standard_set") == ["Member"]


def test_standard_closes_the_one_before_and_replaces_it_within_its_month(desk):
    first = desk.standard("member", month=desk.ago(2))
    second = desk.standard("member", "20.00")
    first.refresh_from_db()
    assert (first.until, second.until) == (desk.month - timedelta(days=1), None)
    third = desk.standard("member", "25.00")
    second.refresh_from_db()
    assert second.voided_at is not None
    assert list(DuesStandard.objects.filter(voided_at=None, until=None)) == [third]
    with pytest.raises(ValidationError) as refused:
        desk.standard("member", month=desk.ago(1))
    assert list(refused.value.error_dict) == ["month"]


@pytest.mark.parametrize("base", [None, "-1", "1.001", "1e9", "NaN", "Infinity"])
def test_standard_refuses_what_is_no_base(desk, base):
    with pytest.raises(ValidationError) as refused:
        services.set_standard(
            desk.world.member("member"), kind="monthly", base=None if base is None else Decimal(base),
            month=desk.month, by=None, on=desk.today,
        )  # fmt: skip
    assert list(refused.value.error_dict) == ["base"]
    assert DuesStandard.objects.count() == 0


def test_standard_refuses_oneself_and_whoever_is_no_member(desk):
    for name, by in (("secretary", "secretary"), ("author", "secretary")):
        with pytest.raises(RuleError):
            services.set_standard(
                desk.world.member(name), kind="student", base=None, month=desk.month, by=desk.world.user(by),
                on=desk.today,
            )  # fmt: skip
    assert DuesStandard.objects.count() == 0


def test_base_is_opened_with_a_reason_that_the_person_is_told(desk):
    made = desk.standard("member")
    standard = DuesStandard.objects.select_related("person__user", "person__organization").get(pk=made.pk)
    with pytest.raises(ValidationError):
        services.reveal_base(standard, reason=" ", by=desk.world.user("secretary"))
    assert services.reveal_base(standard, reason="Asked by the member", by=desk.world.user("secretary")) == "3000.00"
    assert services.own_base(standard, by=desk.world.user("member")) == "3000.00"
    looks = AuditEntry.objects.filter(verb="dues.revealed").order_by("pk").values_list("by__name", "about__name")
    assert list(looks) == [("Secretary", "Member"), ("Member", "Member")]
    assert told("dues_base_revealed") == ["Member"]


def test_payment_is_numbered_owed_as_of_then_and_told(desk):
    desk.standard("member", month=desk.ago(1))
    desk.student("contact")
    first, second = desk.pay("member"), desk.pay("contact")
    year = desk.today.year
    assert [first.receipt_no, second.receipt_no] == [f"branch-{year}-00001", f"branch-{year}-00002"]
    assert [(row.owed, row.amount, row.is_makeup) for row in (first, second)] == [
        (Decimal("15.00"), Decimal("15.00"), False), (Decimal("0.20"), Decimal("0.20"), False),
    ]  # fmt: skip
    desk.standard("member", "30.00", month=desk.month)
    first.refresh_from_db()
    assert first.owed == Decimal("15.00")
    assert told("dues_recorded") == ["Contact", "Member"]
    assert verbs()[-3:] == ["dues.recorded", "dues.recorded", "dues.standard_set"]


def test_payment_of_the_same_form_is_counted_once(desk):
    desk.student("member")
    token = uuid.uuid4()
    first, again = desk.pay("member", token=token), desk.pay("member", token=token)
    assert (first.pk, DuesPayment.objects.count(), verbs()) == (again.pk, 1, ["dues.recorded"])
    with pytest.raises(RuleError):
        desk.pay("member")
    assert DuesPayment.objects.count() == 1


def test_payment_is_made_up_for_six_months_and_no_more(desk):
    desk.student("member")
    made = desk.pay("member", desk.ago(6))
    assert made.is_makeup is True
    with pytest.raises(RuleError) as refused:
        desk.pay("member", desk.ago(7))
    assert len(refused.value.messages) == 1 and "2008" in refused.value.messages[0]
    assert DuesPayment.objects.count() == 1


def test_payments_are_recorded_together_or_not_at_all(desk):
    for name in ("member", "contact", "probationary"):
        desk.student(name)
    desk.pay("contact")
    people = [desk.world.member(name) for name in ("member", "contact", "retired", "author")]
    with pytest.raises(RuleError) as refused:
        services.record_payments(
            [services.Line(person.pk, desk.month) for person in people], branch=desk.world.branch,
            paid_on=desk.today, channel="bank", token=uuid.uuid4(), by=desk.world.user("secretary"), on=desk.today,
        )  # fmt: skip
    names = [message.partition(":")[0] for message in refused.value.messages]
    assert names == ["Contact", "Retired", "Author"]
    assert DuesPayment.objects.count() == 1


@pytest.mark.parametrize("channel", ["", "wechat"])
def test_payment_refuses_a_way_that_nobody_offers(desk, channel):
    person = desk.student("member")
    with pytest.raises(RuleError):
        services.record_payment(
            person, desk.month, branch=desk.world.branch, paid_on=desk.today, channel=channel, by=None, on=desk.today
        )


def test_payment_refuses_an_empty_list_and_one_that_repeats_itself(desk):
    person = desk.student("member")
    for lines in ([], [services.Line(person.pk, desk.month)] * 2, [services.Line(10**9, desk.month)]):
        with pytest.raises(RuleError):
            services.record_payments(
                lines, branch=desk.world.branch, paid_on=desk.today, channel="cash", token=uuid.uuid4(), by=None,
                on=desk.today,
            )  # fmt: skip
    assert DuesPayment.objects.count() == 0


def test_payment_belongs_to_the_branch_of_the_month_after_a_move(desk):
    person = desk.student("member")
    place(person, desk.world.sibling, standing=Standing.FULL_MEMBER, on=desk.today, by=None)
    month = desk.ago(1)
    with pytest.raises(RuleError):
        services.record_payment(
            person, month, branch=desk.world.sibling, paid_on=desk.today, channel="cash", by=None, on=desk.today
        )
    assert desk.pay("member", month).organization == desk.world.branch


def test_payment_needs_a_ledger(desk):
    DuesLedger.objects.filter(organization=desk.world.branch).delete()
    desk.student("member")
    with pytest.raises(RuleError):
        desk.pay("member")


def test_reversal_leaves_the_row_opens_the_month_and_is_told(desk):
    desk.student("member")
    paid = desk.pay("member", amount="3")
    back = services.correct_payment(paid, reason="Wrong person", by=desk.world.user("secretary"), on=desk.today)
    assert (back.amount, back.reverses, back.receipt_serial) == (Decimal("-3"), paid, 2)
    assert told("dues_corrected") == ["Member"]
    again = desk.pay("member")
    assert (again.round, again.receipt_serial, DuesPayment.objects.count()) == (2, 3, 3)
    assert list(DuesPayment.objects.standing()) == [again]
    assert DuesPayment.objects.aggregate(total=Sum("amount"))["total"] == Decimal("0.20")
    for row in (paid, back):
        with pytest.raises(RuleError):
            services.correct_payment(row, reason="Again", by=None, on=desk.today)
    with pytest.raises(RuleError):
        services.correct_payment(again, reason="  ", by=None, on=desk.today)


def ask(desk, name="member", by="secretary", **more):
    given = {"first": desk.month, "last": shifted(desk.month, 2), "amount": Decimal(0), "reason": "Illness at home",
             "decided_on": desk.today}  # fmt: skip
    return services.ask_reduction(desk.world.member(name), by=desk.world.user(by), on=desk.today, **{**given, **more})


def test_reduction_is_asked_by_the_branch_and_approved_above(desk):
    desk.student("member")
    asked = ask(desk)
    assert (asked.organization, asked.state, told("dues_reduction_asked")) == (
        desk.world.branch, "asked", ["College", "Committee"],
    )  # fmt: skip
    services.approve_reduction(asked, by=desk.world.user("college"), on=desk.today)
    assert told("dues_reduction_answered") == ["Member", "Secretary"]
    with pytest.raises(RuleError) as refused:
        desk.pay("member")
    assert len(refused.value.messages) == 1
    assert desk.pay("member", desk.ago(1)).amount == Decimal("0.20")
    with pytest.raises(RuleError):
        services.refuse_reduction(asked, words="No", by=desk.world.user("college"), on=desk.today)


def test_reduction_waits_once_and_never_overlaps(desk):
    desk.student("member")
    first = ask(desk)
    with pytest.raises(ValidationError):
        ask(desk, first=shifted(desk.month, 4), last=shifted(desk.month, 4))
    services.approve_reduction(first, by=desk.world.user("college"), on=desk.today)
    with pytest.raises(RuleError):
        ask(desk)
    second = ask(desk, first=shifted(desk.month, 3), last=shifted(desk.month, 3))
    services.refuse_reduction(second, words="Not enough is known.", by=desk.world.user("college"), on=desk.today)
    assert ask(desk, first=shifted(desk.month, 3), last=shifted(desk.month, 3)).state == "asked"


def test_reduction_is_not_for_oneself_nor_approved_by_who_asked(desk):
    desk.student("secretary")
    with pytest.raises(RuleError):
        ask(desk, "secretary")
    desk.student("member")
    asked = ask(desk, by="college")
    with pytest.raises(RuleError):
        services.approve_reduction(asked, by=desk.world.user("college"), on=desk.today)
    with pytest.raises(RuleError):
        services.refuse_reduction(asked, words=" ", by=desk.world.user("committee"), on=desk.today)
    assert Reduction.objects.get().state == "asked"
    services.approve_reduction(asked, by=desk.world.user("committee"), on=desk.today)


BROKEN_STANDARDS = [{"amount": -1}, {"kind": "gold"}, {"valid_from": "2026-11-02"}, {"until": "1999-01-01"}]
BROKEN_REDUCTIONS = [
    {"state": "lost"}, {"amount": -1}, {"first": "2026-11-02"}, {"last": "2001-01-01"}, {"state": "approved"},
    {"words": "Yes"},
]  # fmt: skip


@pytest.mark.parametrize("change", BROKEN_STANDARDS, ids=str)
def test_constraints_of_a_standard(desk, change):
    made = desk.standard("member")
    with pytest.raises(IntegrityError), transaction.atomic():
        DuesStandard.objects.filter(pk=made.pk).update(**change)


@pytest.mark.parametrize("change", BROKEN_REDUCTIONS, ids=str)
def test_constraints_of_a_reduction(desk, change):
    desk.student("member")
    made = ask(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reduction.objects.filter(pk=made.pk).update(**change)


def test_constraint_of_one_open_standard_and_of_a_ledgers_month(desk):
    made = desk.standard("member", month=desk.ago(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        DuesStandard.objects.create(person=made.person, kind="student", amount=1, valid_from=desk.month, edition="e",
                                    article="a")  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        DuesLedger.objects.update(since=desk.month + timedelta(days=1))


BROKEN_PAYMENTS = [
    {"amount": Decimal("0.10")}, {"amount": 0, "owed": 0}, {"kind": "gift"}, {"channel": ""}, {"reason": "Why"},
    {"kind": "reversal"}, {"kind": "reversal", "amount": -1, "reason": "Why"}, {"receipt_serial": 1},
    {"round": 1}, {"receipt_no": "SAME"},
]  # fmt: skip


@pytest.mark.parametrize("change", BROKEN_PAYMENTS, ids=str)
def test_constraints_of_a_payment(desk, change):
    desk.student("member")
    made = desk.pay("member")
    values = {
        field.attname: getattr(made, field.attname)
        for field in DuesPayment._meta.concrete_fields
        if not field.primary_key
    }
    fresh = {"round": 2, "receipt_serial": 9, "receipt_no": "NINE"}
    fine = DuesPayment(**{**values, **fresh})
    if change == {"receipt_no": "SAME"}:
        change = {"receipt_no": made.receipt_no}
    with pytest.raises(IntegrityError), transaction.atomic():
        DuesPayment(**{**values, **fresh, **change}).save()
    fine.save()


def test_payment_is_never_changed(desk):
    desk.student("member")
    made = desk.pay("member")
    with pytest.raises(IntegrityError), transaction.atomic():
        DuesPayment.objects.filter(pk=made.pk).update(amount=5)
    assert as_text(DuesPayment.objects.get().month) == as_text(desk.month)
