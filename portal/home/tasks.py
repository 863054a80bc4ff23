"""The schedule of the house."""

from celery import shared_task


@shared_task
def run_daily(day: str = "") -> None:
    """Run every room's daily job once for today, or for ``day`` (``2026-06-30``) when a day was missed."""
    from datetime import date

    from django.utils import timezone

    from . import daily

    daily.run_jobs(date.fromisoformat(day) if day else timezone.localdate())
