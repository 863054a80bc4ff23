"""Thin doors for Celery."""

from celery import shared_task


@shared_task(acks_late=True)
def forget_versions() -> None:
    from .services.forgetting import forget_versions as forget  # tasks are leaves

    forget()
