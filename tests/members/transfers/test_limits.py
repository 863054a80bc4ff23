"""Limits of letters and relations follow the edition and what the university has set in it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.transfers import services
from members.transfers.models import RelationPeriod
from members.transfers.queries.limits import limits_on, under_limits
from members.transfers.rules.values import NATIONAL
from portal.rulesets.services import preview_setting, set_amount

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def set_limit(world, code, amount):
    seen = preview_setting("relations-2019", code, amount=amount, organization=world.root).fingerprint
    set_amount(
        "relations-2019", code, amount=amount, organization=world.root, reason="Resolution 3", seen=seen,
        by=world.user("committee"), on=TODAY,
    )  # fmt: skip


def test_national_limits_are_those_of_the_edition(db):
    assert (NATIONAL.letter_days_max, NATIONAL.retained_years, NATIONAL.abroad_contact_months) == (90, 2, 6)
    assert (NATIONAL.abroad_years, NATIONAL.lost_months, limits_on(TODAY)) == (5, 6, NATIONAL)


def test_university_may_keep_letters_shorter(world):
    set_limit(world, "letter.valid_max", 20)
    limits = limits_on(TODAY)
    assert (limits.letter_days_max, limits.letter_days_usual) == (20, 20)


def test_contacts_are_asked_for_as_often_as_the_university_says(world, django_assert_num_queries):
    row = services.begin_relation(
        world.member("member"), "abroad", since=TODAY - timedelta(days=1), responsible=world.member("contact"),
        by=world.user("secretary"), on=TODAY,
    )  # fmt: skip
    national = row.contact_due
    set_limit(world, "abroad.contact_interval", 2)
    with django_assert_num_queries(1):
        row = under_limits([row], TODAY)[0]
    assert row.contact_due < national
    assert under_limits(list(RelationPeriod.objects.all()), TODAY)[0].contact_due == row.contact_due
    page = world.client("secretary").get(row.get_absolute_url())
    assert page.context["row"].contact_due == row.contact_due
    listed = world.client("secretary").get(reverse("members:transfers:relation-list"))
    assert [item.contact_due for item in listed.context["page"]] == [row.contact_due]
    services.run_daily(row.contact_due)
    assert world.users["contact"].notices.filter(message__kind="abroad_contact").count() == 1


def test_days_of_the_past_have_the_oldest_edition(db):
    assert limits_on(date(2000, 1, 1)) == NATIONAL
