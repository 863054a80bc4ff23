"""Two secretaries at one case at once: on PostgreSQL, where two truly meet."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from members.recruitment import services
from members.recruitment.engine.details import ApplicationFact, TalkFact, Topic
from members.recruitment.engine.people import Named
from members.recruitment.letters import Tables
from members.recruitment.models import Case, StepRecord
from members.recruitment.services import RecordRefused
from portal.audit.models import AuditEntry
from portal.organizations.duties import Post
from portal.organizations.services import appoint
from portal.web.refusals import RuleError
from tests.portal.notifications.conftest import open_trail

__all__ = ["open_trail"]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]
TODAY = timezone.localdate()
APPLIED_ON = TODAY - timedelta(days=5)


def at_once(*calls):
    """Run calls at the same moment and return what each gave or raised."""
    said, barrier = [], Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(10)
            said.append(call())
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            said.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def test_two_secretaries_record_the_same_step(open_trail, world):
    appoint(world.users["member"], world.branch, Post.DEPUTY_SECRETARY, on=world.since, by=None)
    people = [world.user("secretary"), world.user("member")]
    case = services.open_case(
        world.member("applicant"), on=APPLIED_ON, details=ApplicationFact(APPLIED_ON), by=people[0]
    )
    talker = world.user("contact")
    details = TalkFact(Named(talker.pk, talker.name), tuple(Topic), "good")
    said = at_once(
        *(lambda by=by: services.record(case, "talk", on=TODAY, details=details, by=by) for by in people)
    )
    assert sorted(type(answer).__name__ for answer in said) == [RecordRefused.__name__, StepRecord.__name__]
    refused = next(answer for answer in said if isinstance(answer, RecordRefused))
    assert [refusal.code for refusal in refused.refusals] == ["already"]
    assert StepRecord.objects.filter(case=case, step="talk").count() == 1
    assert AuditEntry.objects.filter(verb="recruitment.recorded").count() == 2  # with the application


def test_two_applications_of_one_person(open_trail, world):
    person, by = world.member("applicant"), world.user("secretary")
    details = ApplicationFact(APPLIED_ON)
    said = at_once(*[lambda: services.open_case(person, on=APPLIED_ON, details=details, by=by)] * 2)
    assert sorted(type(answer).__name__ for answer in said) == [Case.__name__, RuleError.__name__]
    assert Case.objects.count() == 1


def test_two_secretaries_receive_the_same_letter(open_trail, world):
    appoint(world.users["member"], world.branch, Post.DEPUTY_SECRETARY, on=world.since, by=None)
    letter = services.begin_letter(world.member("applicant"), "admission", on=APPLIED_ON)
    letter = services.hand_in_letter(
        letter, body="My words.", tables=Tables(), carrier="handwritten", is_declared=True, by=world.user("applicant"),
        on=APPLIED_ON,
    )  # fmt: skip
    first, second = world.user("secretary"), world.user("member")
    said = at_once(
        lambda: services.receive_letter(letter, is_signed=True, by=first),
        lambda: services.receive_letter(letter, is_signed=True, by=second),
    )
    assert sorted(type(answer).__name__ for answer in said) == ["Case", "RuleError"], said
    assert (Case.objects.count(), StepRecord.objects.count()) == (1, 1)
