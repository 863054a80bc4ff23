"""Confirm a preview, and write it chunk by chunk."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports import bulk, notices, progress
from portal.imports.models import ImportRow, ImportRun, RowState, State, Take
from portal.imports.registry import Outcome
from portal.imports.tasks import work_on_import
from portal.web.refusals import RuleError

from .lifecycle import hold

CHUNK = 2000


class RowsLeft(Exception):
    """All or none was asked for, and a row could not be written: roll back."""


@transaction.atomic
def confirm(run: ImportRun, *, take: str, chosen: Sequence[str], by: User) -> ImportRun:
    """Have the staged rows written; ``chosen`` names the proposals to create. A second call changes nothing.

    Raises ``RuleError`` when there is nothing to take, or rows with errors stand against all or none.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in (State.APPLYING, State.DONE):
        return run
    if run.state != State.READY:
        raise RuleError(_("This list is not ready to be imported."))
    if take == Take.ALL and run.error_count:
        raise RuleError(_("All or none was chosen, and there are rows with errors. Nothing was imported."))
    to_take = ImportRow.objects.filter(run=run, outcome__in=(Outcome.NEW, Outcome.CHANGED))
    if take == Take.CLEAN:
        to_take = to_take.filter(suspicious=False)
    count = to_take.count()
    if not count:
        raise RuleError(_("There is nothing to import in this list."))
    run.take, run.state, run.place, run.claimed_at, run.attempts = take, State.APPLYING, 0, None, 0
    run.progress_done, run.progress_total, run.failure = 0, count, []
    run.proposals = [{**proposal, "chosen": proposal["name"] in chosen} for proposal in run.proposals]
    run.save()
    audit.record("imports.confirmed", run, by=by, changes={"take": ["", take], "rows": ["", count]})
    work_on_import.delay_on_commit(run.pk)
    return run


def apply(run: ImportRun) -> None:
    """Write the rows that were asked for, going on after the last chunk that was finished."""
    if run.take == Take.ALL:
        _apply_all_or_none(run)
        return
    _prepare(run)
    while _apply_chunk(run):
        pass
    _finish(run)


def _apply_all_or_none(run: ImportRun) -> None:
    try:
        with transaction.atomic():
            hold(run)
            _prepare(run)
            while _apply_chunk(run):
                if run.left_count:
                    raise RowsLeft
            _finish(run)
    except RowsLeft:
        give_back(run, ["errors_left", {}])


@transaction.atomic
def give_back(run: ImportRun, failure: list) -> None:
    """Lay a run of which nothing was written before the person again, who is told why."""
    mine = ImportRun.objects.filter(pk=run.pk, claim=run.claim)
    if mine.update(state=State.READY, failure=failure, claimed_at=None):
        notices.tell_failed(run, failure)


def _prepare(run: ImportRun) -> None:
    if run.prepared:
        return
    with transaction.atomic():
        hold(run)
        run.spec.prepare(run)
        run.prepared = True
        run.save(update_fields=["prepared", "created", "claimed_at"])


def _apply_chunk(run: ImportRun) -> bool:
    """Write the next rows in one transaction, with the trail and the place to resume from; say if any were left."""
    with transaction.atomic():
        hold(run)
        waiting = ImportRow.objects.filter(
            run_id=run.pk, outcome__in=(Outcome.NEW, Outcome.CHANGED), number__gt=run.place
        ).order_by("number")
        if run.take == Take.CLEAN:
            waiting = waiting.filter(suspicious=False)
        rows = list(waiting.defer("findings", "written", "note")[:CHUNK])
        if not rows:
            return False
        for row in rows:  # empty until now: not worth reading
            row.written, row.note = {}, []
        run.spec.apply(run, rows)
        keep_rows(rows)
        run.place = rows[-1].number
        run.progress_done = min(run.progress_done + len(rows), run.progress_total)
        run.applied_count += sum(row.state == RowState.APPLIED for row in rows)
        run.left_count += sum(row.state == RowState.LEFT for row in rows)
        run.save(update_fields=["place", "progress_done", "applied_count", "left_count", "claimed_at"])
        progress.tell(run)
    return True


def keep_rows(rows: Sequence[ImportRow]) -> None:
    """Write back what applying or undoing set on the rows."""
    bulk.update(
        ImportRow,
        ("state", "object_id", "written", "note"),
        [(row.pk, str(row.state), row.object_id, row.written, row.note) for row in rows],
    )


def _finish(run: ImportRun) -> None:
    with transaction.atomic():
        hold(run)
        ImportRow.objects.filter(run=run, state=RowState.STAGED).exclude(outcome=Outcome.SAME).update(
            state=RowState.LEFT
        )
        run.state, run.applied_at, run.claimed_at, run.attempts = State.DONE, timezone.now(), None, 0
        run.progress_done = run.progress_total
        run.save(update_fields=["state", "applied_at", "claimed_at", "attempts", "progress_done"])
        audit.record(
            "imports.finished", run, by=run.by, changes={"applied": [0, run.applied_count], "left": [0, run.left_count]}
        )
        notices.tell_imported(run)
