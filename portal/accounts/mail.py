"""Mail about an account: written now, sent by a worker, so that nobody learns from the delay whether an account exists.

The table is the queue of record; the broker only makes it quick. What waits is encrypted: reset links and addresses
never lie there in clear.
"""

import base64
import hashlib
import json
import logging
from datetime import datetime, timedelta
from email.utils import make_msgid
from smtplib import SMTPException

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone

from .models import AccountMail

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]
ATTEMPTS_AT_MOST = len(BACK_OFF) + 1
AT_ONCE = 50
KEPT_DAYS = 3


def _box() -> Fernet:
    digest = hashlib.sha256(f"account-mail:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def queue(message: EmailMessage) -> int:
    """Leave ``message`` for a worker and return the number of its row."""
    told = {
        "subject": message.subject, "body": message.body, "sender": message.from_email, "to": message.to,
        "id": make_msgid(domain="portal"),
    }  # fmt: skip
    sealed = _box().encrypt(json.dumps(told).encode()).decode()
    return AccountMail.objects.create(sealed=sealed, due_at=timezone.now()).pk


def send(mail_id: int) -> bool:
    """Send one waiting mail unless another worker has it; say whether it went out.

    A failure is noted with the time of the next try; after the last one the row only waits to be swept.
    """
    now = timezone.now()
    mine = AccountMail.objects.filter(pk=mail_id, due_at__lte=now, attempts__lt=ATTEMPTS_AT_MOST)
    if not mine.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    waiting = AccountMail.objects.get(pk=mail_id)
    try:
        told = json.loads(_box().decrypt(waiting.sealed.encode()))
    except InvalidToken:
        logger.warning("A waiting mail was sealed with a former secret and is dropped")
        waiting.delete()
        return False
    headers = {"Message-ID": told["id"]}
    try:
        EmailMessage(told["subject"], told["body"], told["sender"], told["to"], headers=headers).send()
    except (SMTPException, OSError) as error:
        logger.warning("A mail about an account could not be sent: %s", error)
        if waiting.attempts < ATTEMPTS_AT_MOST:
            AccountMail.objects.filter(pk=mail_id).update(due_at=now + BACK_OFF[waiting.attempts - 1])
        return False
    waiting.delete()
    return True


def send_due(now: datetime) -> int:
    """Send what no worker was told of or could finish; return how many went out."""
    due = AccountMail.objects.filter(due_at__lte=now, attempts__lt=ATTEMPTS_AT_MOST)
    return sum(send(pk) for pk in due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])


def sweep_mail(now: datetime) -> int:
    """Remove mails that were given up."""
    return AccountMail.objects.filter(due_at__lt=now - timedelta(days=KEPT_DAYS)).delete()[0]
