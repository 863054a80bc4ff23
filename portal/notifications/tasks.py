"""Doors for the workers."""

from celery import shared_task


@shared_task
def deliver_message(message_id: int) -> None:
    """Mail what is due of one message; running it again sends nothing twice."""
    from . import delivery

    delivery.deliver(message_id)


@shared_task
def deliver_due() -> None:
    """Mail whatever is due; running it again sends nothing twice."""
    from . import delivery

    delivery.deliver()


@shared_task
def fan_out(message_id: int) -> None:
    """Give everyone of a message's audience a copy, or go on where a dead worker stopped."""
    from . import dispatch

    dispatch.fan_out(message_id)


@shared_task
def sweep_notices() -> None:
    """Find what no worker has taken up: distributions to resume, and mail that is due or was left behind."""
    from . import delivery, dispatch

    dispatch.sweep()
    delivery.sweep()
