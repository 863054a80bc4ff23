"""Votes at the same moment: on PostgreSQL, where they truly meet (trust.md T-30b, T-30c)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from portal.audit.models import AuditEntry
from portal.ballots import services
from portal.ballots.models import Ballot, Elector, Tally
from portal.ballots.services.forgetting import forget_versions
from portal.web.refusals import RuleError
from tests.portal.notifications.conftest import open_trail

from .conftest import counted

__all__ = ["open_trail"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]
ROOT = Path(__file__).resolve().parents[3]


def at_once(*calls):
    """Run the calls in threads that start together; say for each ``done``, ``refused`` or what it met."""
    barrier, results = Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        barrier.wait(30)
        try:
            call()
            results[place] = "done"
        except RuleError:
            results[place] = "refused"
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_t30c_one_person_votes_fifty_times_at_once(open_trail, booth):
    ballot, user = booth.opened(booth.proposal()), booth.people[0]
    results = []
    for _round in range(5):
        results += at_once(*[lambda: services.cast(ballot, user, {None: "yes"})] * 10)
    assert sorted(results) == ["done"] + ["refused"] * 49
    assert counted(ballot)[("", "yes")] == counted(ballot)[("", "cast")] == (1, 0)


def test_t30c_everybody_votes_while_the_ballot_is_closed_twice(open_trail, booth):
    ballot, chair = booth.opened(booth.proposal()), booth.chair
    calls = [lambda user=user: services.cast(ballot, user, {None: "yes"}) for user in booth.people]
    results = at_once(*calls, *[lambda: services.close_ballot(ballot, by=chair)] * 2)
    assert sorted(results[-2:]) == ["done", "refused"]
    voted = Elector.objects.filter(ballot=ballot, voted_on__isnull=False).count()
    assert results[:-2].count("done") == voted == counted(ballot)[("", "yes")][0]
    ballot.refresh_from_db()
    assert ballot.result["papers"]["online"] == voted
    assert services.is_intact(ballot)
    assert AuditEntry.objects.filter(verb="ballots.closed").count() == 1


def test_t30c_nothing_is_counted_after_the_close(open_trail, booth):
    ballot, people, chair = booth.opened(booth.proposal()), booth.people, booth.chair
    services.close_ballot(ballot, by=chair)
    results = at_once(*[lambda user=user: services.cast(ballot, user, {None: "yes"}) for user in people * 10])
    assert set(results) == {"refused"}
    assert counted(ballot)[("", "cast")] == (0, 0)
    assert not Elector.objects.filter(ballot=ballot, voted_on__isnull=False).exists()


def test_t30b_one_closes_while_another_annuls(open_trail, booth):
    ballot, chair, other = booth.opened(booth.proposal()), booth.chair, booth.world.user("college")
    rows = AuditEntry.objects.filter(verb__in=["ballots.closed", "ballots.annulled"])
    said = []

    def told(call):
        try:
            with override("en"):
                call()
        except RuleError as refusal:
            said.extend(refusal.messages)
            raise

    results = at_once(
        lambda: told(lambda: services.close_ballot(ballot, by=chair)),
        lambda: told(lambda: services.annul(ballot, "Wrong words", by=other)),
    )
    assert sorted(results) == ["done", "refused"]
    first = rows.get()
    # The second is told who was first, and what they did.
    assert [words.split(",")[0] for words in said[1:]] == [first.by_label]
    assert said[1].endswith("closed a ballot" if first.verb == "ballots.closed" else "annulled a ballot")


def test_two_open_one_ballot(open_trail, booth):
    ballot = booth.proposal()
    assert sorted(at_once(*[lambda: booth.opened(ballot)] * 2)) == ["done", "refused"]
    assert Elector.objects.filter(ballot=ballot).count() == 5


def test_one_opinion_is_put_in_twice(open_trail, booth):
    ballot, user, chair = booth.proposal(), booth.people[0], booth.chair
    calls = [lambda: services.record_written(ballot, user, {None: "yes"}, by=chair)] * 2
    assert sorted(at_once(*calls)) == ["done", "refused"]
    assert counted(ballot)[("", "cast")] == (1, 0)


def test_paper_and_portal_at_once(open_trail, booth):
    ballot, user, chair = booth.opened(booth.proposal()), booth.people[0], booth.chair
    results = at_once(
        lambda: services.cast(ballot, user, {None: "yes"}), lambda: services.hand_out(ballot, [user.pk], by=chair)
    )
    assert sorted(results) == ["done", "refused"]
    assert counted(ballot)[("", "cast")][0] == (1 if results[0] == "done" else 0)


def test_all_counters_are_versions_of_one_transaction(open_trail, booth):
    ballot = booth.election(seats=2, candidates=3)
    services.open_ballot(ballot, electors=booth.keys(), present=booth.keys(), others=booth.keys(), by=booth.chair)
    first, second, _third, other, _another = ballot.options.values_list("pk", flat=True)
    ways = ({first: "yes"}, {second: "no", other: "yes"}, {})
    for user, choices in zip(booth.people[:3], ways, strict=True):
        services.cast(ballot, user, choices)
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT xmin::text FROM ballots_tally WHERE ballot_id = %s", [ballot.pk])
            assert len(cursor.fetchall()) == 1


def test_old_versions_of_counters_are_cleared_when_a_ballot_is_over(open_trail, booth):
    ballot = booth.opened(booth.proposal())
    for user in booth.people:
        services.cast(ballot, user, {None: "yes"})

    services.close_ballot(ballot, by=booth.chair)
    with CaptureQueriesContext(connection) as asked:
        forget_versions()
    assert [query["sql"] for query in asked] == [
        'VACUUM (FREEZE, SKIP_LOCKED) "ballots_tally"', 'VACUUM (FREEZE, SKIP_LOCKED) "ballots_elector"',
    ]  # fmt: skip
    # Within a transaction there is nothing to clear yet, and no clearing.
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        forget_versions()
    assert [query["sql"] for query in asked if "VACUUM" in query["sql"]] == []


CHILD = """
import os, sys, time
import tests.environment
os.environ["DATABASE_URL"] = sys.argv[1]
import django
django.setup()
from portal.accounts.models import User
from portal.ballots.models import Ballot
from portal.ballots.services import casting
def stop(*args):
    print("holding", flush=True)
    time.sleep(60)
casting._count = stop
casting.cast(Ballot.objects.get(pk=sys.argv[2]), User.objects.get(pk=sys.argv[3]), {None: "yes"})
"""


def test_a_web_process_that_is_killed_in_the_middle_of_a_vote_loses_and_doubles_nothing(open_trail, booth):
    ballot, user = booth.opened(booth.proposal()), booth.people[0]
    given = connection.settings_dict
    url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", CHILD, url, str(ballot.pk), str(user.pk)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout.readline() == "holding\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait(10)
    for _try in range(50):  # until the server has noticed that nobody is there any more
        try:
            services.cast(ballot, user, {None: "no"})
            break
        except RuleError:
            time.sleep(0.1)
    assert counted(ballot) == {
        ("", "cast"): (1, 0), ("", "yes"): (0, 0), ("", "no"): (1, 0), ("", "abstain"): (0, 0),
    }  # fmt: skip
    assert (Ballot.objects.count(), Tally.objects.count()) == (1, 4)
    assert services.close_ballot(ballot, by=booth.chair).papers.online == 1
