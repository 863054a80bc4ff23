"""Who works on a run, and what becomes of runs that nobody works on any more."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policy import may
from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports import notices
from portal.imports.models import BUSY, UNDO_DAYS, ImportRow, ImportRun, State
from portal.imports.tasks import work_on_import
from portal.web.refusals import RuleError

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
ATTEMPTS = 5
KEEP_UNDECIDED_DAYS = 7


class Superseded(Exception):
    """Another worker has taken the run, or a person has decided otherwise: stop without a word."""


def claim(run_id: int) -> ImportRun | None:
    """Take a run for this worker, or return ``None`` when it waits for nobody or another has it."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    mine = ImportRun.objects.filter(free, pk=run_id, state__in=BUSY).update(
        claim=F("claim") + 1, attempts=F("attempts") + 1, claimed_at=now
    )
    return ImportRun.objects.select_related("by", "organization").get(pk=run_id) if mine else None


def hold(run: ImportRun) -> None:
    """Lock the run inside the transaction of one chunk and prolong the lease; raise ``Superseded`` when it is lost."""
    held = ImportRun.objects.select_for_update().filter(pk=run.pk, claim=run.claim, state=run.state)
    if not held.values_list("pk", flat=True).first():
        raise Superseded
    run.claimed_at = timezone.now()


def work(run_id: int) -> None:
    """Do what a run waits for: check, write or undo."""
    from .applying import apply
    from .checking import check
    from .undoing import undo

    run = claim(run_id)
    if run is None:
        return
    if not may(run.by, "change", run):
        give_up(run, ["duty_ended", {}])
        return
    steps = {State.UPLOADED: check, State.CHECKING: check, State.APPLYING: apply, State.UNDOING: undo}
    try:
        with collector_resting():
            steps[State(run.state)](run)
    except Superseded:
        logger.info("import %s went to another worker", run.pk)


@contextmanager
def collector_resting() -> Iterator[None]:
    """Let no garbage be looked for meanwhile: rows come and go by the ten thousand and hold no cycles."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


@transaction.atomic
def give_up(run: ImportRun, failure: list) -> None:
    """End a run that cannot go on and tell who brought it: what was written stays, so that it can be undone."""
    state = State.FAILED
    fields = {"applied_at": run.applied_at}
    if run.state in (State.APPLYING, State.UNDOING) and run.place:
        state = State.DONE
        fields["applied_at"] = run.applied_at or timezone.now()
    mine = ImportRun.objects.filter(pk=run.pk, claim=run.claim)
    if mine.update(state=state, failure=failure, claimed_at=None, **fields):
        notices.tell_failed(run, failure)


def sweep() -> int:
    """Start the runs again whose worker died or was never told; return how many."""
    now = timezone.now()
    waiting = ImportRun.objects.filter(state__in=BUSY).filter(
        Q(claimed_at__lt=now - LEASE) | Q(claimed_at=None, created_at__lt=now - timedelta(seconds=30))
    )
    started = 0
    for run in waiting.order_by("pk")[:50]:
        if run.attempts >= ATTEMPTS:
            give_up(run, ["gave_up", {}])
        else:
            work_on_import.delay(run.pk)
            started += 1
    return started


@transaction.atomic
def discard(run: ImportRun, *, by: User) -> ImportRun:
    """Throw a run away that was not written; raise ``RuleError`` when it was."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state == State.DISCARDED:
        return run
    if run.state not in (State.UPLOADED, State.CHECKING, State.UNCLEAR, State.READY, State.FAILED):
        raise RuleError(_("This list was imported already: it can be undone, not discarded."))
    run.state, run.claimed_at = State.DISCARDED, None
    run.save(update_fields=["state", "claimed_at"])
    audit.record("imports.discarded", run, by=by)
    _clear(run)
    return run


def purge(now: datetime | None = None) -> int:
    """Clear away files and rows of runs whose time is over; return how many runs."""
    now = now or timezone.now()
    over = ImportRun.objects.filter(purged_at=None).filter(
        Q(state__in=(State.DONE, State.UNDONE), applied_at__lt=now - timedelta(days=UNDO_DAYS))
        | Q(
            state__in=(State.READY, State.UNCLEAR, State.FAILED, State.DISCARDED),
            created_at__lt=now - timedelta(days=KEEP_UNDECIDED_DAYS),
        )
    )
    count = 0
    for run in over.iterator(chunk_size=200):
        with transaction.atomic():
            if run.state in (State.READY, State.UNCLEAR):
                ImportRun.objects.filter(pk=run.pk).update(state=State.DISCARDED)
            _clear(run)
        count += 1
    return count


def _clear(run: ImportRun) -> None:
    """Delete the rows and, once that is certain, the file; the counts stay."""
    ImportRow.objects.filter(run=run).delete()
    storage, name = run.file.storage, run.file.name
    ImportRun.objects.filter(pk=run.pk).update(file="", purged_at=timezone.now())
    if name:
        transaction.on_commit(lambda: storage.delete(name))
