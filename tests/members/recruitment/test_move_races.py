"""A case that moves while somebody works in it: on PostgreSQL, where two truly meet."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.models import Member
from members.recruitment import services
from members.recruitment.engine.details import ApplicationFact, Minutes, NominationFact, TalkFact, Topic
from members.recruitment.engine.people import Named
from members.recruitment.models import Case, CaseMove, StepRecord
from members.transfers import services as transfers
from members.transfers.models import Transfer
from portal.organizations.models import Standing
from portal.web.refusals import RuleError
from tests.factories.people import make_member
from tests.portal.notifications.conftest import open_trail

from .test_races import at_once

__all__ = ["open_trail"]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
TODAY = timezone.localdate()
APPLIED_ON = TODAY - timedelta(days=20)


def case_of(world):
    person = make_member(world.branch, Standing.MASS, on=world.since, birth_date=date(2000, 1, 1))
    person = Member.objects.select_related("user", "organization").get(pk=person.pk)
    details = ApplicationFact(APPLIED_ON)
    case = services.open_case(person, on=APPLIED_ON, details=details, by=world.user("secretary"))
    talker = world.user("contact")
    talk = TalkFact(Named(talker.pk, talker.name), tuple(Topic), "good")
    services.record(case, "talk", on=APPLIED_ON + timedelta(days=1), details=talk, by=world.user("secretary"))
    return case


def checked(world, person):
    transfer = transfers.ask_move(
        person, destination=world.sibling, reason="other", by=world.user("secretary"), on=TODAY
    )
    return transfers.check(transfer, dues_paid_to=TODAY, file_checked=True, by=world.user("secretary"), on=TODAY)


def nomination():
    return NominationFact(True, TODAY - timedelta(days=2), Minutes(5, 5, 5, 0, 0))


@pytest.mark.parametrize("attempt", range(4))
def test_decision_and_acceptance_meet_without_a_deadlock(open_trail, world, attempt):
    case = case_of(world)
    transfer = checked(world, Member.objects.select_related("user", "organization").get(pk=case.person_id))
    secretary, neighbor = world.user("secretary"), world.user("neighbor")
    said = at_once(
        lambda: services.record(case, "nominate", on=TODAY, details=nomination(), by=secretary),
        lambda: transfers.accept(transfer, accepted_on=TODAY, by=neighbor, on=TODAY),
    )
    # Whoever comes first, the person is accepted; a decision that came too late is refused in words.
    assert any(isinstance(answer, Transfer) for answer in said), said
    assert all(isinstance(answer, (Transfer, StepRecord, RuleError)) for answer in said), said
    case.refresh_from_db()
    person = Member.objects.get(pk=case.person_id)
    assert case.organization_id == person.organization_id == world.sibling.pk
    decided = StepRecord.objects.filter(case=case, step="nominate").exists()
    assert case.standing == person.standing == (Standing.ACTIVIST if decided else Standing.APPLICANT)


def test_case_is_handed_over_once(open_trail, world):
    case, by = case_of(world), world.user("committee")
    said = at_once(
        *[lambda: services.move_case(case, world.sibling, on=TODAY, is_handed_over=True, by=by)] * 2
    )
    assert sorted(type(answer).__name__ for answer in said) == [Case.__name__, RuleError.__name__]
    assert CaseMove.objects.filter(case=case).count() == 1
