from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from portal.notifications import delivery, services, tasks
from portal.notifications.models import LEASE, MailState, Message, Notice

pytestmark = pytest.mark.django_db

PARAMS = {"title": "Meeting\non Monday", "text": "Room 5", "places": ["branch"], "narrowed": []}


def announce(world, *names, key="k"):
    ids = [world.user(name).pk for name in names]
    services.post("announcement", key=key, recipients=ids, params=PARAMS, url="/notices/")
    return Message.objects.get(key=key)


def states():
    return dict(Notice.objects.values_list("recipient__name", "mail_state"))


class Gateway(EmailBackend):
    """A gateway that fails as told, by address or from the start."""

    refuses: dict[str, Exception] = {}
    opens: Exception | None = None

    def open(self):
        if self.opens:
            raise self.opens
        return super().open() if hasattr(super(), "open") else None

    def send_messages(self, messages):
        for message in messages:
            if error := self.refuses.get(message.to[0].partition("@")[0]):
                raise error
        return super().send_messages(messages)


@pytest.fixture
def gateway(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Gateway"
    yield Gateway
    Gateway.refuses, Gateway.opens = {}, None


def test_deliver_message_twice_sends_once(world):
    message = announce(world, "author", "peer")
    tasks.deliver_message(message.pk)
    tasks.deliver_message(message.pk)
    assert sorted(sent.to[0] for sent in mail.outbox) == ["author@example.org", "peer@example.org"]
    assert states() == {"Author": "sent", "Peer": "sent"}


@pytest.mark.parametrize("task", [tasks.deliver_due, tasks.sweep_notices])
def test_tasks_over_everything_twice_send_once(world, task):
    announce(world, "author", "peer")
    task()
    task()
    assert (len(mail.outbox), set(states().values())) == (2, {"sent"})


def test_mail_says_all_in_the_recipients_language(world):
    world.users["author"].language = "en"
    world.users["author"].save()
    announce(world, "author")
    delivery.deliver()
    (sent,) = mail.outbox
    notice = Notice.objects.get()
    assert sent.subject == "Meeting on Monday"
    assert sent.extra_headers["Message-ID"] == delivery.message_id_of(notice)
    assert "Hello Author," in sent.body
    assert "Room 5" in sent.body
    assert "/notices/preferences/" in sent.body
    assert "It was sent to branch, and you are one of them." in sent.body


def test_message_id_is_the_same_at_every_attempt(world, gateway):
    announce(world, "author")
    gateway.refuses = {"author": SMTPServerDisconnected("gone")}
    delivery.deliver()
    first = delivery.message_id_of(Notice.objects.get())
    gateway.refuses = {}
    Notice.objects.filter(mail_state="pending").update(mail_due_at=timezone.now())
    delivery.deliver()
    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == [first]


def test_claim_takes_each_row_once(world):
    message = announce(world, "author", "peer", "member")
    first = delivery.claim(message.pk, limit=2)
    second = delivery.claim(message.pk, limit=2)
    assert [len(first), len(second)] == [2, 1]
    assert delivery.claim(message.pk) == []


def test_claim_left_by_a_dead_worker_is_taken_after_the_lease(world):
    message = announce(world, "author")
    delivery.claim(message.pk)
    assert delivery.claim(message.pk) == []
    Notice.objects.update(mail_due_at=timezone.now() - timedelta(seconds=1))
    assert len(delivery.claim(message.pk)) == 1


def test_claim_row_that_kills_its_workers_fails_in_the_end(world):
    message = announce(world, "author")
    for _attempt in range(delivery.ATTEMPTS_AT_MOST):
        assert len(delivery.claim(message.pk)) == 1
        Notice.objects.update(mail_due_at=timezone.now())
    assert delivery.claim(message.pk) == []
    assert states() == {"Author": "failed"}


def test_send_after_losing_the_claim_notes_nothing(world):
    message = announce(world, "author")
    notices = delivery.claim(message.pk)
    Notice.objects.update(mail_claimed_at=timezone.now() + timedelta(seconds=5))
    delivery.send(notices)
    assert states() == {"Author": "sending"}


def test_gateway_away_puts_all_off_and_tries_again_later(world, gateway):
    announce(world, "author", "peer")
    gateway.opens = OSError("connection refused")
    delivery.deliver()
    assert states() == {"Author": "pending", "Peer": "pending"}
    assert delivery.deliver() == 0  # not before its time
    gateway.opens = None
    Notice.objects.update(mail_due_at=timezone.now() - timedelta(seconds=1))
    assert delivery.deliver() == 2


def test_gateway_away_for_good_stops_after_the_last_attempt(world, gateway):
    announce(world, "author")
    gateway.opens = OSError("connection refused")
    waits = []
    for _attempt in range(delivery.ATTEMPTS_AT_MOST):
        before = timezone.now()
        delivery.deliver()
        if due := Notice.objects.get().mail_due_at:
            waits.append(round((due - before).total_seconds() / 60))
        Notice.objects.filter(mail_state="pending").update(mail_due_at=timezone.now())
    notice = Notice.objects.get()
    assert waits == [1, 5, 30, 120, 360]
    assert (notice.mail_state, notice.mail_error) == ("failed", "OSError: connection refused")
    assert delivery.deliver() == 0


def test_one_refused_address_does_not_hold_up_the_others(world, gateway):
    announce(world, "author", "peer", "member")
    gateway.refuses = {"author": SMTPRecipientsRefused({"author@example.org": (550, b"no such user")})}
    delivery.deliver()
    assert states() == {"Author": "pending", "Peer": "sent", "Member": "sent"}


def test_gateway_lost_midway_gives_the_rest_back_untried(world, gateway):
    announce(world, "author", "peer", "member")
    gateway.refuses = {"peer": SMTPServerDisconnected("gone")}
    delivery.deliver()
    attempts = dict(Notice.objects.values_list("recipient__name", "mail_attempts"))
    assert states() == {"Author": "sent", "Peer": "pending", "Member": "pending"}
    assert attempts == {"Author": 1, "Peer": 1, "Member": 0}


def test_slow_gateway_gives_back_before_the_lease_runs_out(world):
    message = announce(world, "author", "peer")
    notices = delivery.claim(message.pk)
    old = timezone.now() - LEASE * 0.6
    Notice.objects.update(mail_claimed_at=old)
    for notice in notices:
        notice.mail_claimed_at = old
    assert delivery.send(notices) == 0
    assert states() == {"Author": "pending", "Peer": "pending"}


def _read(notice):
    services.mark_read(notice)


def _withdraw(notice):
    Message.objects.filter(pk=notice.message_id).update(withdrawn_at=timezone.now())


def _close(notice):
    notice.recipient.is_active = False
    notice.recipient.save()


def _lose_address(notice):
    notice.recipient.email = None
    notice.recipient.save()


def _unsubscribe(notice):
    from portal.notifications.registry import kinds

    services.set_preference(notice.recipient, kinds.get("announcement"), in_site=True, email=False)


@pytest.mark.parametrize("change", [_read, _withdraw, _close, _lose_address, _unsubscribe])
def test_mail_no_longer_wanted_is_skipped(world, change):
    announce(world, "author")
    change(Notice.objects.select_related("recipient").get())
    delivery.deliver()
    assert (mail.outbox, states()) == ([], {"Author": "skipped"})


def test_poisoned_row_is_put_off_and_the_others_go_out(world):
    message = announce(world, "author")
    Message.objects.filter(pk=message.pk).update(kind="gone with its room", params=[1])
    announce(world, "peer", key="k2")
    delivery.deliver()
    assert len(mail.outbox) == 2  # the text of a room that is gone is replaced by a word about it


def test_retry_starts_failed_rows_again(world):
    announce(world, "author", "peer")
    Notice.objects.filter(recipient=world.user("author")).update(
        mail_state="failed", mail_due_at=None, mail_attempts=6, mail_error="x"
    )
    ids = list(Notice.objects.values_list("pk", flat=True))
    assert (delivery.retry(ids), delivery.retry(ids)) == (1, 0)
    assert delivery.deliver() == 2
    assert MailState.FAILED not in states().values()


def test_folder_backend_keeps_one_file_a_message(world, settings, tmp_path):
    settings.EMAIL_BACKEND = "portal.notifications.mailbox.FolderMailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    announce(world, "author")
    notice = delivery.claim()
    delivery.send(notice)
    Notice.objects.update(mail_state="pending", mail_due_at=timezone.now())
    delivery.deliver()
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert f"Message-ID: {delivery.message_id_of(notice[0])}".encode() in file.read_bytes()
