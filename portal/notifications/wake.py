"""Nudge the workers and the open pages after a commit. The tables hold the work, so every nudge may be lost."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import BoundedSemaphore

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

CHANNEL = "portal:notices"
WAITING_AT_MOST = 50

_places = BoundedSemaphore(WAITING_AT_MOST)


def deliver(message_id: int) -> None:
    """Ask a worker to mail ``message_id`` and open pages to look; a dead broker neither fails nor slows the caller."""
    from .tasks import deliver_message  # tasks import services

    _aside(lambda: deliver_message.apply_async((message_id,), retry=False))
    if settings.REDIS_URL:
        _aside(_publish)


def deliver_due() -> None:
    """Ask a worker for help with whatever is due; the request grows stale before the next sweep."""
    from .tasks import deliver_due  # tasks import services

    _aside(lambda: deliver_due.apply_async(expires=25, retry=False))


def fan_out(message_id: int) -> None:
    """Ask a worker to distribute ``message_id`` to its audience."""
    from .tasks import fan_out  # tasks import services

    _aside(lambda: fan_out.apply_async((message_id,), retry=False))


def account_mail(mail_id: int) -> None:
    """Ask a worker to send a waiting mail about an account."""
    from portal.accounts.tasks import send_account_mail  # tasks import services

    _aside(lambda: send_account_mail.apply_async((mail_id,), retry=False))


def _publish() -> None:
    _redis().publish(CHANNEL, "")


@lru_cache(maxsize=1)
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


@lru_cache(maxsize=1)
def _thread(pid: int) -> ThreadPoolExecutor:
    # A broker that hangs keeps this one thread waiting, never a request; threads do not survive a fork.
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="notices-wake")


def _aside(nudge: Callable[[], object]) -> None:
    """Run ``nudge`` beside the request; the sweep finds what it could not announce."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        _quietly(nudge)
        return
    if not _places.acquire(blocking=False):
        logger.warning("The broker is slow; the sweep will find this notice")
        return

    def run() -> None:
        try:
            _quietly(nudge)
        finally:
            _places.release()

    _thread(os.getpid()).submit(run)


def _quietly(nudge: Callable[[], object]) -> None:
    try:
        nudge()
    except Exception as error:  # noqa: BLE001 - the client libraries raise kinds of their own; nothing is lost by it
        logger.warning("Could not reach the broker, the sweep will find this notice: %s", error)
