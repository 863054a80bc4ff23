"""Two clerks at once: on PostgreSQL, where they truly meet."""

import uuid
from threading import Barrier, Thread

import pytest
from django.db import connection

from members.dues import services
from members.dues.models import DuesPayment, Reduction
from members.dues.months import shifted
from portal.accounts.models import User
from portal.web.refusals import RuleError
from tests.portal.notifications.conftest import open_trail

__all__ = ["open_trail"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]


def at_once(*calls):
    """Run the calls in threads that start together; say for each ``done``, ``refused`` or what it met."""
    barrier, results = Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        barrier.wait()
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
        thread.join(30)
    return results


def test_two_clerks_record_the_same_month(open_trail, desk):
    desk.student("member")
    results = at_once(lambda: desk.pay("member", by="secretary"), lambda: desk.pay("member", by="college"))
    assert sorted(results) == ["done", "refused"]
    assert DuesPayment.objects.count() == 1


def test_one_form_sent_twice_at_once(open_trail, desk):
    desk.student("member")
    token = uuid.uuid4()
    assert at_once(*[lambda: desk.pay("member", token=token)] * 2) == ["done", "done"]
    assert DuesPayment.objects.count() == 1


def test_receipts_of_different_people_get_different_numbers(open_trail, desk):
    names = ("member", "contact", "probationary", "retired")
    for name in names:
        desk.student(name)
    assert at_once(*[lambda name=name: desk.pay(name) for name in names]) == ["done"] * 4
    serials = DuesPayment.objects.order_by("receipt_serial").values_list("receipt_serial", flat=True)
    assert list(serials) == [1, 2, 3, 4]


def test_two_take_the_same_payment_back(open_trail, desk):
    desk.student("member")
    paid = desk.pay("member")
    results = at_once(*[lambda: services.correct_payment(paid, reason="Wrong", by=None, on=desk.today)] * 2)
    assert sorted(results) == ["done", "refused"]
    assert DuesPayment.objects.count() == 2


def test_two_decide_on_the_same_reduction(open_trail, desk):
    desk.student("member")
    asked = services.ask_reduction(
        desk.world.member("member"), first=desk.month, last=shifted(desk.month, 1), amount=0, reason="Illness",
        decided_on=desk.today, by=desk.world.user("secretary"), on=desk.today,
    )  # fmt: skip
    college, committee = (User.objects.get(pk=desk.world.users[name].pk) for name in ("college", "committee"))
    results = at_once(
        lambda: services.approve_reduction(asked, by=college, on=desk.today),
        lambda: services.refuse_reduction(asked, words="No", by=committee, on=desk.today),
    )
    assert sorted(results) == ["done", "refused"]
    assert Reduction.objects.exclude(answered_by=None).count() == 1
