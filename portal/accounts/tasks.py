"""Doors for the worker."""

from smtplib import SMTPException

from celery import shared_task
from django.utils import timezone


@shared_task(autoretry_for=(SMTPException, OSError), retry_backoff=30, retry_backoff_max=600, max_retries=5)
def send_account_mail(sealed: str) -> None:
    from .mail import send

    send(sealed)


@shared_task
def sweep_accounts() -> None:
    """Remove what has run out: counts of wrong passwords, ended sessions."""
    from django.contrib.sessions.models import Session

    from .locks import sweep_locks

    sweep_locks(timezone.now())
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
