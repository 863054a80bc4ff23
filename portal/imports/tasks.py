"""Tasks of imports: thin doors."""

from datetime import date

from celery import shared_task


@shared_task(acks_late=True)
def work_on_import(run_id: int) -> None:
    """Check, write or undo one run; called twice, the second does nothing."""
    from .services import work

    work(run_id)


@shared_task
def sweep_imports() -> None:
    """Take up the runs whose worker died."""
    from .services import sweep

    sweep()


def purge_daily(today: date) -> None:
    """Clear away what is kept longer than an import can be undone."""
    from .services import purge

    purge()
