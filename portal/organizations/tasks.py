"""Tasks of the tree."""

from celery import shared_task


@shared_task
def sync_rights() -> None:
    """Start and end the duties of posts whose term begins or ended; running it again changes nothing."""
    from . import services

    services.sync_rights()
