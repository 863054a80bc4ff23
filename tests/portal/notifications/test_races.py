"""Two workers, two posts and two sweeps at once: on PostgreSQL, where they truly meet."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from portal.audiences.services import Circle
from portal.notifications import delivery, dispatch, services
from portal.notifications.models import Message, Notice

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]

PARAMS = {"title": "Meeting", "text": "Room 5", "places": [], "narrowed": []}


def at_once(*calls):
    """Run the calls in threads that start together and return their results in order."""
    barrier, results = Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        barrier.wait()
        try:
            results[place] = call()
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


def test_two_workers_never_hold_the_same_notice(open_trail, world):
    ids = [user.pk for user in world.users.values()]
    services.post("announcement", key="k", recipients=ids, params=PARAMS)
    count = Notice.objects.filter(mail_state="pending").count()
    taken = at_once(*[lambda: [notice.pk for notice in delivery.claim(limit=5)]] * 4)
    held = [pk for some in taken for pk in some]
    assert len(held) == len(set(held)) == min(count, 20)


def test_two_posts_of_one_key_leave_one_notice_each(open_trail, world):
    ids = [user.pk for user in world.users.values() if user.is_active]
    active = Notice._meta.get_field("recipient").related_model.objects.filter(pk__in=ids, is_active=True).count()
    written = at_once(*[
        lambda text=text: services.post("announcement", key="k", recipients=ids, params=PARAMS | {"text": text})
        for text in ("same", "same", "other", "another")
    ])  # fmt: skip
    assert sum(written) == Notice.objects.count() == active


def test_two_clicks_on_send_and_on_withdraw_count_once(open_trail, world):
    secretary = world.user("secretary")
    circle = Circle(organizations=[world.branch])

    def send():
        return dispatch.announce(title="T", text="B", circle=circle, key="k", by=secretary).pk

    first, second = at_once(send, send)
    assert first == second
    assert Message.objects.count() == 1
    message = Message.objects.get()
    done = at_once(*[lambda: dispatch.withdraw(message, by=secretary).pk] * 2)
    assert sorted(isinstance(result, Exception) for result in done) == [False, True]
