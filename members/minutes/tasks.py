"""Tasks of minutes: thin doors."""

from datetime import date

from celery import shared_task


@shared_task(acks_late=True)
def bind_volume(volume_id: int) -> None:
    """Bind one volume; called twice, the second does nothing."""
    from .services.binding import bind  # tasks are leaves

    bind(volume_id)


@shared_task
def sweep_volumes() -> None:
    """Take up the volumes whose worker died."""
    from .services.binding import sweep_volumes

    sweep_volumes()


def purge_daily(on: date) -> None:
    """Clear away the volumes that were kept long enough."""
    from .services.binding import purge_volumes

    purge_volumes(on)
