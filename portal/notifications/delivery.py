"""The e-mail channel: take a few notices under a lease, send outside any transaction, note the outcome of each.

A worker that dies leaves its rows "being sent"; when the lease has run out another takes them. The Message-ID follows
from the row, so that a second copy after a death between sending and noting is recognised as the same mail.
"""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from . import wake
from .models import LEASE, MailState, Notice, Preference
from .queries import read_out
from .registry import kinds

logger = logging.getLogger(__name__)

BATCH = 50
BUDGET = timedelta(seconds=20)
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
ATTEMPTS_AT_MOST = len(BACK_OFF) + 1


def deliver(message_id: int | None = None) -> int:
    """Mail what is due, of one message or of all, for some seconds; hand the rest on. Return how many were sent."""
    began = timezone.now()
    sent = 0
    while notices := claim(message_id):
        sent += send(notices)
        if timezone.now() - began > BUDGET:
            if message_id is not None:
                wake.deliver(message_id)
            break
    return sent


@transaction.atomic
def claim(message_id: int | None = None, *, limit: int = BATCH) -> list[Notice]:
    """Take up to ``limit`` notices for this worker; no other has them until the lease runs out."""
    now = timezone.now()
    due = Notice.objects.deliverable(now)
    if message_id is not None:
        due = due.filter(message_id=message_id)
    ids = list(
        due.select_for_update(skip_locked=True).order_by("mail_due_at", "pk").values_list("pk", flat=True)[:limit]
    )
    if not ids:
        return []
    mine = Notice.objects.filter(pk__in=ids)
    # A row that killed its workers time after time is given up.
    mine.filter(mail_attempts__gte=ATTEMPTS_AT_MOST).update(
        mail_state=MailState.FAILED, mail_due_at=None, mail_error="The workers that took this up died."
    )
    mine = mine.exclude(mail_state=MailState.FAILED)
    mine.update(
        mail_state=MailState.SENDING,
        mail_claimed_at=now,
        mail_due_at=now + LEASE,
        mail_attempts=F("mail_attempts") + 1,
    )
    return list(mine.select_related("message", "recipient").order_by("pk"))


def send(notices: list[Notice]) -> int:
    """Send claimed ``notices`` one by one and return how many went out; each row says how it ended."""
    wanted = _wanted(notices)
    if not wanted:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        for notice in wanted:
            _put_off(notice, error)
        return 0
    try:
        return _send_over(connection, wanted)
    finally:
        _close(connection)


def _send_over(connection: BaseEmailBackend, notices: list[Notice]) -> int:
    sent = 0
    for index, notice in enumerate(notices):
        if timezone.now() - _claimed(notice) > LEASE / 2:
            # A slow gateway: what is left goes back before its lease runs out under another worker's eyes.
            _release(notices[index:])
            break
        try:
            connection.send_messages([compose(notice, connection)])
        except (SMTPRecipientsRefused, LookupError, TypeError, ValueError) as error:
            _put_off(notice, error)
        except (OSError, SMTPException) as error:
            _put_off(notice, error)
            _release(notices[index + 1 :], until=timezone.now() + BACK_OFF[0])
            break
        else:
            _note(notice, mail_state=MailState.SENT, mail_due_at=None, mail_error="")
            sent += 1
    return sent


def compose(notice: Notice, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """Write the mail in the recipient's language, with a Message-ID that is the same at every attempt."""
    with translation.override(notice.recipient.language or settings.LANGUAGE_CODE):
        words = read_out(notice.message)
        kind = kinds.get(notice.message.kind)
        personal = kind.mail_url(notice.message.params, notice.recipient_id) if kind and kind.mail_url else ""
        text = render_to_string(
            "portal/notifications/mail.txt",
            {
                "words": words,
                "name": notice.recipient.name,
                "site": settings.SITE_ADDRESS.rstrip("/"),
                "path": personal or notice.message.url,
                "pk": notice.pk,
            },
        )
    return EmailMessage(
        subject=" ".join(words.title.split())[:200],
        body=text,
        to=[notice.recipient.email or ""],
        headers={"Message-ID": message_id_of(notice), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def message_id_of(notice: Notice) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<notice.{notice.pk}.{int(notice.created_at.timestamp())}@{domain}>"


def retry(notices: list[int]) -> int:
    """Let failed notices be tried again from the start; return how many."""
    count = Notice.objects.filter(pk__in=notices, mail_state=MailState.FAILED).update(
        mail_state=MailState.PENDING, mail_attempts=0, mail_due_at=timezone.now(), mail_error=""
    )
    if count:
        transaction.on_commit(wake.deliver_due)
    return count


def sweep() -> None:
    """Take up what is due and nobody has; call for help when there is much of it."""
    now = timezone.now()
    waiting = Notice.objects.deliverable(now)[: BATCH * 40].count()
    for _helper in range(min(waiting // (BATCH * 10), 3)):
        wake.deliver_due()
    if waiting:
        deliver()


def _wanted(notices: list[Notice]) -> list[Notice]:
    """Drop what need not be mailed any more, and say so in the row."""
    unmailed = set(
        Preference.objects.filter(
            user__in=[notice.recipient_id for notice in notices],
            kind__in={notice.message.kind for notice in notices},
            email=False,
        ).values_list("user_id", "kind")
    )
    wanted, dropped = [], []
    for notice in notices:
        recipient, message = notice.recipient, notice.message
        drop = (
            notice.read_at is not None
            or notice.withdrawn
            or message.withdrawn_at is not None
            or not recipient.is_active
            or not recipient.email
            or (recipient.pk, message.kind) in unmailed
        )
        (dropped if drop else wanted).append(notice)
    if dropped:
        _claims(dropped).update(mail_state=MailState.SKIPPED, mail_due_at=None)
    return wanted


def _claimed(notice: Notice) -> datetime:
    assert notice.mail_claimed_at is not None
    return notice.mail_claimed_at


def _claims(notices: list[Notice]):
    """Return those of ``notices`` that are still this worker's."""
    return Notice.objects.filter(
        pk__in=[notice.pk for notice in notices],
        mail_state=MailState.SENDING,
        mail_claimed_at=_claimed(notices[0]),
    )


def _note(notice: Notice, **fields) -> None:
    _claims([notice]).update(**fields)


def _release(notices: list[Notice], until: datetime | None = None) -> None:
    """Give back what was not tried: it does not count as an attempt."""
    if notices:
        _claims(notices).update(
            mail_state=MailState.PENDING, mail_due_at=until or timezone.now(), mail_attempts=F("mail_attempts") - 1
        )


def _put_off(notice: Notice, error: Exception) -> None:
    """Try again later, longer after each attempt; after the last the row fails and stays for a person to see."""
    words = f"{type(error).__name__}: {error}"[:200]
    if notice.mail_attempts >= ATTEMPTS_AT_MOST:
        logger.warning("Gave up mailing notice %s: %s", notice.pk, words)
        _note(notice, mail_state=MailState.FAILED, mail_error=words, mail_due_at=None)
        return
    wait = BACK_OFF[max(notice.mail_attempts - 1, 0)]
    _note(notice, mail_state=MailState.PENDING, mail_error=words, mail_due_at=timezone.now() + wait)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, SMTPException) as error:
        logger.info("The mail gateway did not say goodbye: %s", error)
