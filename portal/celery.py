"""The Celery application; tasks live in each app's ``tasks.py``."""

import logging
import os
import time
from functools import partial
from typing import Any, ClassVar

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class PatientTask(DjangoTask):
    """A task whose broker may be away: the tables hold the work, a sweep finds what could not be announced.

    After one failure the broker is left alone for some seconds, so that no request waits for it time and again.
    """

    _away_until: ClassVar[float] = 0.0

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < PatientTask._away_until:
            raise OperationalError("The broker was away a moment ago")
        try:
            return super().apply_async(*args, **kwargs)
        except (OperationalError, RedisError, OSError):
            PatientTask._away_until = time.monotonic() + PAUSE_SECONDS
            raise

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        transaction.on_commit(partial(self._announce, args, kwargs))

    def _announce(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            self.apply_async(args, kwargs)
        except (OperationalError, RedisError, OSError) as error:
            logger.warning("The broker is away, the sweep will find what %s was to do: %s", self.name, error)


app = Celery("portal", task_cls=PatientTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
