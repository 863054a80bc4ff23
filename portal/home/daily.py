"""The daily round: each room's job for a day, one after the other."""

import logging
from datetime import date

from django.core.cache import cache

from portal.extensions.registry import daily_jobs

logger = logging.getLogger(__name__)

REMEMBERED_SECONDS = 3 * 24 * 3600
RUNNING_AT_MOST_SECONDS = 30 * 60


def run_jobs(on: date) -> list[str]:
    """Run each registered job for ``on`` that has not been run for it, and return the codes of those that failed.

    A job that fails is logged and does not keep the others from running; it runs again with the next call. Jobs are
    themselves safe to repeat: the note of what has run saves work, it does not carry the promise.
    """
    failed = []
    for job in daily_jobs:
        note = f"daily:{job.code}:{on.isoformat()}"
        # A worker that dies in the middle leaves a note that fades, so that the job is not lost for the day.
        if not cache.add(note, "begun", RUNNING_AT_MOST_SECONDS):
            continue
        try:
            job.run(on)
        except Exception:
            # Whatever a room's job meets, the other rooms' mornings go on.
            logger.exception("The daily job %s failed for %s", job.code, on)
            cache.delete(note)
            failed.append(job.code)
        else:
            cache.set(note, "done", REMEMBERED_SECONDS)
    return failed
