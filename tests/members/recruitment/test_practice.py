"""The practice university on its way: everybody has a case, by the verbs of the portal, and once only."""

from collections import Counter

import pytest
from django.utils import timezone

from members.models import Member
from members.practice.people import make_people
from members.recruitment.models import Batch, Case, ExceptionGrant, Letter, Quota, StepRecord
from members.recruitment.practice import ON_THE_WAY, make_recruitment
from members.recruitment.queries.takeovers import reports_of
from portal.home.practice.world import PracticeWorld, make_tree
from portal.organizations.models import Standing

pytestmark = pytest.mark.django_db


def counted() -> list[int]:
    return [model.objects.count() for model in (Case, StepRecord, Batch, Quota, ExceptionGrant, Letter)]


def test_practice_cases_are_lawful_but_for_what_is_planted_and_made_once(db: None) -> None:
    world = PracticeWorld(password="practice-of-tests")  # noqa: S106 - nobody signs in
    make_tree(world)
    world.branches = world.branches[:2]
    make_people(world)
    make_recruitment(world)

    people = Member.objects.filter(standing__in=ON_THE_WAY, organization__in=world.branches)
    assert {case.person_id for case in Case.objects.open()} >= set(people.values_list("pk", flat=True))
    reports = reports_of(Case.objects.with_people(), timezone.localdate())
    assert Counter(finding.code for report in reports for finding in report.findings) == {
        "paper_date": 1, "talk_late": 1,
    }  # fmt: skip
    assert [report.records for report in reports if report.records] == []
    assert all(report.case.standing == report.case.person.standing for report in reports)
    standings = set(Case.objects.values_list("standing", flat=True))
    assert {Standing.APPLICANT, Standing.ACTIVIST, Standing.DEVELOPMENT_TARGET, Standing.PROBATIONARY} <= standings
    assert ExceptionGrant.objects.get().case.person.user == world.accounts["target"]
    assert set(Batch.objects.values_list("kind", flat=True)) == {"takeover", "meeting"}
    assert Letter.objects.get().review.state == "submitted"

    before = counted()
    make_recruitment(world)
    assert counted() == before
