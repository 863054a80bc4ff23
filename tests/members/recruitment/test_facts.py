"""Facts of many cases in a constant number of statements, and details through the column and back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.development.models import CultivationContact, ThoughtReport
from members.models import Member
from members.recruitment.engine.details import ContactsFact, FilingFact, ReportFact, TalkFact, Topic
from members.recruitment.engine.people import Named
from members.recruitment.models import Case, ExceptionGrant, Paper, StepRecord
from members.recruitment.queries import facts_of, named_on
from members.recruitment.records import from_json, to_json
from portal.reviews.models import Review
from tests.factories.dossiers import clean_dossier
from tests.factories.people import make_people

DAY = date(2026, 6, 1)


def make_cases(world, how_many):
    """Put cases into the branch in sets: application, talk, contact, accepted report, exception, one paper each."""
    people = make_people(world.branch, how_many)
    contact, by = world.member("contact"), world.user("secretary")
    cases = Case.objects.bulk_create(
        Case(person=person, organization=world.branch, edition="recruitment-2026-05", opened_on=DAY)
        for person in people
    )
    records = StepRecord.objects.bulk_create(
        StepRecord(
            case=case, step="apply", kind="application", on=DAY, role="branch", recorded_by=by,
            details={"received_on": "2026-06-01", "likeness": None},
        )
        for case in cases
    )  # fmt: skip
    Paper.objects.bulk_create(
        Paper(record=record, kind="application_letter", dated_on=DAY, states=[["apply", "2026-06-01"]])
        for record in records
    )
    CultivationContact.objects.bulk_create(
        CultivationContact(person=person, contact=contact, place=1, since=DAY + timedelta(40)) for person in people
    )
    ExceptionGrant.objects.bulk_create(
        ExceptionGrant(case=case, rule="league", node=world.unit, by=by, on=DAY, words="w") for case in cases
    )
    users = Member.objects.filter(pk__in=[person.pk for person in people]).values_list("pk", "user_id")
    for pk, user_id in users:
        review = Review.objects.create(
            kind="thought_report", state="accepted", author_id=user_id, version_count=1, submitted_at=timezone.now(),
            taken_up_at=timezone.now(), taken_up_by=by, decided_at=timezone.now(), decided_by=by,
        )  # fmt: skip
        ThoughtReport.objects.create(
            author_id=pk, year=2026, quarter=3, review=review, first_submitted_on=date(2026, 9, 20),
            standing_at_submission="activist",
        )  # fmt: skip
    return cases


@pytest.mark.parametrize("how_many", [1, 30])
def test_facts_of_any_number_of_cases(world, django_assert_num_queries, how_many):
    cases = list(Case.objects.filter(pk__in=[case.pk for case in make_cases(world, how_many)]))
    with django_assert_num_queries(9):
        found = facts_of(cases)
    assert len(found) == how_many
    contact = world.member("contact")
    for facts in found.values():
        assert [(fact.step, fact.kind, fact.on) for fact in facts.records] == [
            ("apply", "application", DAY),
            ("assign_contacts", "contacts", DAY + timedelta(40)),
            ("cultivate", "report", date(2026, 9, 20)),
        ]
        assert facts.records[1].details == ContactsFact((Named(contact.user_id, contact.user.name),))
        assert facts.records[2].details == ReportFact(2026, 3)
        assert [paper.states for paper in facts.records[0].documents] == [(("apply", DAY),)]
        assert [grant.rule for grant in facts.exceptions] == ["league"]


@pytest.mark.parametrize(
    ("name", "on", "standing", "is_active"),
    [
        ("contact", 0, "full_member", True),
        ("contact", -1, "mass", False),
        ("probationary", 0, "probationary", True),
        ("admin", 0, "mass", False),
    ],
)
def test_people_stand_as_they_did_on_the_day(world, name, on, standing, is_active):
    user = world.users[name]
    person = named_on([user.pk], world.since + timedelta(on))[user.pk]
    assert (person.standing, person.is_active) == (standing, is_active)


@pytest.mark.parametrize("fact", clean_dossier().records, ids=lambda fact: f"{fact.step}-{fact.kind}-{fact.on}")
def test_details_go_through_the_column_and_back(fact):
    assert from_json(fact.kind, to_json(fact.step, fact.details)) == fact.details


TALKER = Named(1, "Li")
REFUSED = {
    "a text for a day": ("file_activist", FilingFact(number=5), "number"),
    "too long": ("file_activist", FilingFact(number="1" * 61), "number"),
    "a null character": ("talk", TalkFact(TALKER, opinion="a\x00"), "opinion"),
    "a list for a tuple": ("talk", TalkFact(TALKER, topics=[Topic.VIEW]), "topics"),
    "a text for a code": ("talk", TalkFact(TALKER, topics=("view",)), "topics"),
    "a name too long": ("talk", TalkFact(Named(1, "L" * 61)), "talker"),
    "a key of zero": ("talk", TalkFact(Named(0, "Li")), "talker"),
    "a quarter of five": ("cultivate", ReportFact(2026, 5), "quarter"),
    "a truth for a number": ("cultivate", ReportFact(2026, True), "quarter"),
    "a year of another age": ("cultivate", ReportFact(1900, 1), "year"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_details_that_no_column_takes(name):
    step, details, field = REFUSED[name]
    with pytest.raises(ValidationError) as refused:
        to_json(step, details)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("nothing", {}),
        ("filing", []),
        ("filing", {"number": "1", "more": "2"}),
        ("filing", {"number": 1}),
        ("report", {"year": 2026}),
        ("report", {"year": "2026", "quarter": 1}),
        ("application", {"received_on": "2026-13-01"}),
        ("application", {"received_on": None}),
        ("talk", {"talker": "Li"}),
        ("talk", {"talker": {"key": 1, "name": "Li", "rank": 2}}),
        ("talk", {"talker": {"key": 1, "name": "Li"}, "topics": "view"}),
        ("talk", {"talker": {"key": 1, "name": "Li"}, "topics": ["weather"]}),
    ],
)
def test_a_column_that_no_service_wrote(kind, data):
    with pytest.raises(ValueError):
        from_json(kind, data)
