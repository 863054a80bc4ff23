"""Doors for the worker."""

from celery import shared_task
from django.utils import timezone


@shared_task
def send_account_mail(mail_id: int) -> None:
    from .mail import send

    send(mail_id)


@shared_task
def send_due_mail() -> None:
    """Send what the broker forgot and what failed before."""
    from .mail import send_due

    send_due(timezone.now())


@shared_task
def sweep_accounts() -> None:
    """Remove what has run out: counts of wrong passwords, ended sessions, devices long unused, mails given up."""
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    from .devices import sweep_devices
    from .locks import sweep_locks
    from .mail import sweep_mail

    now = timezone.now()
    sweep_locks(now)
    sweep_devices(timezone.localdate())
    sweep_mail(now)
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
