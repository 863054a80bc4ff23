"""Mail about an account: written now, sent by a worker, so that nobody learns from the delay whether an account exists.

What waits in the queue is encrypted: reset links and addresses never lie there in clear.
"""

import base64
import hashlib
import json

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.mail import EmailMessage
from kombu.exceptions import OperationalError


def _box() -> Fernet:
    digest = hashlib.sha256(f"account-mail:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def queue(message: EmailMessage) -> None:
    """Hand ``message`` to a worker; send it here and now when the queue cannot be reached."""
    from .tasks import send_account_mail  # tasks are leaves

    told = {"subject": message.subject, "body": message.body, "sender": message.from_email, "to": message.to}
    try:
        send_account_mail.delay_on_commit(_box().encrypt(json.dumps(told).encode()).decode())
    except (OperationalError, OSError):
        message.send()


def send(sealed: str) -> None:
    """Send what ``queue`` sealed."""
    told = json.loads(_box().decrypt(sealed.encode()))
    EmailMessage(told["subject"], told["body"], told["sender"], told["to"]).send()
