"""Take an import back, for seven days."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports import notices
from portal.imports.models import ImportRow, ImportRun, RowState, State
from portal.imports.tasks import work_on_import
from portal.web.refusals import RuleError

from .applying import CHUNK, keep_rows
from .lifecycle import hold


@transaction.atomic
def request_undo(run: ImportRun, *, by: User) -> ImportRun:
    """Have an import taken back; a second call changes nothing. Raises ``RuleError`` when its time is over."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state in (State.UNDOING, State.UNDONE):
        return run
    if not run.can_be_undone:
        raise RuleError(_("This import can no longer be undone."))
    run.state, run.place, run.claimed_at, run.attempts = State.UNDOING, 0, None, 0
    run.progress_done, run.progress_total, run.kept_count = 0, run.applied_count, 0
    run.save()
    audit.record("imports.undo_requested", run, by=by)
    work_on_import.delay_on_commit(run.pk)
    return run


def undo(run: ImportRun) -> None:
    """Take back every written row as far as it is unchanged since, going on after the last finished chunk."""
    while _undo_chunk(run):
        pass
    with transaction.atomic():
        hold(run)
        run.spec.finish_undo(run)
        run.state, run.undone_at, run.claimed_at, run.attempts = State.UNDONE, timezone.now(), None, 0
        run.progress_done = run.progress_total
        run.save(update_fields=["state", "undone_at", "claimed_at", "attempts", "progress_done", "created"])
        audit.record("imports.undone", run, by=run.by, changes={"kept": [0, run.kept_count]})
        notices.tell_undone(run)


def _undo_chunk(run: ImportRun) -> bool:
    with transaction.atomic():
        hold(run)
        rows = list(
            ImportRow.objects.filter(run_id=run.pk, state=RowState.APPLIED, number__gt=run.place)
            .defer("findings", "data").order_by("number")[:CHUNK]
        )  # fmt: skip
        if not rows:
            return False
        run.spec.undo(run, rows)
        keep_rows(rows)
        run.place = rows[-1].number
        run.progress_done = min(run.progress_done + len(rows), run.progress_total)
        run.kept_count += sum(row.state == RowState.KEPT for row in rows)
        run.save(update_fields=["place", "progress_done", "kept_count", "claimed_at"])
    return True
