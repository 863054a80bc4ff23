"""A file taken over twice at once, or beside an application: on PostgreSQL, where two truly meet."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.recruitment import services
from members.recruitment.engine.details import ApplicationFact
from members.recruitment.models import Case, StepRecord
from members.recruitment.services import History, Past
from portal.web.refusals import RuleError
from tests.members.recruitment.test_races import at_once
from tests.portal.notifications.conftest import open_trail

__all__ = ["open_trail"]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
APPLIED_ON = timezone.localdate() - timedelta(days=5)


def taking(world, person):
    """Return a call that takes the person's application over, and says what came of it."""
    history = History(person.pk, (Past("apply", APPLIED_ON, ApplicationFact(APPLIED_ON)),))
    by = world.user("college")
    batch = services.begin_takeover(world.unit, by=by, on=timezone.localdate())

    def call():
        done = services.take_over([history], batch=batch, by=by)
        return [obstacle.code for obstacle in done.weighed[person.pk].obstacles]

    return call


def test_one_file_in_two_lists_is_taken_over_once(open_trail, world):
    person = world.member("applicant")
    type(person).objects.filter(pk=person.pk).update(birth_date=date(2000, 1, 1))
    said = at_once(taking(world, person), taking(world, person))
    # The second finds the same case there already: nothing stands against it, nothing is written.
    assert said == [[], []]
    assert (Case.objects.count(), StepRecord.objects.count()) == (1, 1)


def test_a_list_and_an_application_open_one_case(open_trail, world):
    person, by = world.member("applicant"), world.user("secretary")
    type(person).objects.filter(pk=person.pk).update(birth_date=date(2000, 1, 1))
    other = APPLIED_ON + timedelta(days=1)
    said = at_once(
        taking(world, person),
        lambda: services.open_case(person, on=other, details=ApplicationFact(other), by=by),
    )
    assert Case.objects.count() == 1
    assert sum(isinstance(answer, RuleError) or answer == ["case_present"] for answer in said) == 1
