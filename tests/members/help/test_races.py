"""Two at once with talks and requests: on PostgreSQL, where they truly meet."""

import pytest
from django.db import connection

from members.help import services
from members.help.models import HeartTalk, HelpRequest
from portal.accounts.models import User
from tests.members.dues.test_races import at_once
from tests.portal.notifications.conftest import open_trail

# The condition of the marks below is read in this module.
__all__ = ["connection", "open_trail"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]


def people(care, *names):
    return [User.objects.get(pk=care.world.users[name].pk) for name in names]


def test_a_year_planned_by_two_at_once_is_planned_once(open_trail, care):
    branch, by = care.world.branch, people(care, "secretary", "college")
    assert at_once(*[lambda by=one: services.plan_year(branch, by=by, on=care.today) for one in by]) == ["done"] * 2
    pairs = list(HeartTalk.objects.values_list("first", "second"))
    assert len(pairs) == len(set(pairs)) > 0


def test_both_write_the_record_from_the_same_version(open_trail, care):
    talk = care.talk()
    results = at_once(lambda: care.written(talk, "member"), lambda: care.written(talk, "contact"))
    assert sorted(results) == ["done", "refused"]


def test_a_request_answered_and_closed_at_once_is_closed(open_trail, care):
    row = care.ask()
    author, secretary = people(care, "author", "secretary")
    results = at_once(
        lambda: services.say(row, words="Come.", by=secretary, on=care.today),
        lambda: services.close(row, by=author, on=care.today),
    )
    assert sorted(results) in (["done", "done"], ["done", "refused"])
    assert HelpRequest.objects.get().state == "closed"


def test_the_daily_round_run_twice_at_once_tells_above_once(open_trail, care):
    row = care.ask()
    late = row.promised_on.replace(year=row.promised_on.year + 1, day=1)
    assert at_once(*[lambda: services.run_daily(late)] * 2) == ["done"] * 2
    assert row.messages.filter(said="escalated").count() == 1
