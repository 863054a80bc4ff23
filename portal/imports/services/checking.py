"""Read a workbook, judge every row, and lay the rows ready for the preview."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.imports import bulk
from portal.imports.headings import find_heading_row, missing_columns
from portal.imports.models import ImportRow, ImportRun, RowState, State
from portal.imports.registry import Checker, Outcome, SourceRows, Staged
from portal.imports.tasks import work_on_import
from portal.imports.workbooks import OpenWorkbook, WorkbookError, reading, unsealed
from portal.web.refusals import RuleError

from .lifecycle import give_up, hold

_FIELDS = (
    "run",
    "number",
    "outcome",
    "suspicious",
    "key",
    "label",
    "data",
    "diff",
    "findings",
    "state",
    "object_id",
    "written",
    "note",
)
_SKIPPED_SHOWN = 200


def check(run: ImportRun) -> None:
    """Judge the whole workbook from its first row; nothing but staged rows is written."""
    with transaction.atomic():
        hold(run)
        run.state, run.place, run.progress_done, run.progress_total, run.failure = State.CHECKING, 0, 0, 0, []
        run.save(update_fields=["state", "place", "progress_done", "progress_total", "failure"])
        ImportRow.objects.filter(run=run)._raw_delete(using=ImportRow.objects.db)
    try:
        _check(run)
    except WorkbookError as error:
        _delete_rows(run)
        if error.code in ("missing_column", "double_column", "no_heading") and run.headings:
            _finish(run, State.UNCLEAR, failure=[error.code, error.params])
        else:
            give_up(run, [error.code, error.params])
    except FileNotFoundError:
        give_up(run, ["gone", {}])


def _check(run: ImportRun) -> None:
    spec = run.spec
    suffix = run.filename.rsplit(".", 1)[-1].lower()
    with run.file.open("rb") as stored, reading(unsealed(stored), suffix) as book:
        chunks = book.chunks
        first = next(chunks, None)
        if first is None:
            raise WorkbookError("empty")
        run.sheet, run.progress_total = book.sheet[:100], book.height
        _settle_headings(run, *first)
        checker = spec.checker(run)
        counts = dict.fromkeys((*Outcome.values, "suspicious", "total"), 0)
        for number, cells in _with_first(first, chunks):
            rows = _source_rows(run, checker, book, number, cells)
            staged = checker.check(rows) if rows.numbers else []
            _count(counts, staged)
            _stage(run, staged, done=number + len(cells) - 1)
    if not counts["total"]:
        raise WorkbookError("no_rows")
    run.proposals = checker.proposals()
    _finish(run, State.READY, counts=counts)


def _with_first(first: tuple, rest: Iterator[tuple]) -> Iterator[tuple]:
    yield first
    yield from rest


def _settle_headings(run: ImportRun, start: int, rows: list[list[Any]]) -> None:
    """Find the heading row, unless a person has named the columns; raise ``WorkbookError`` when it does not suffice."""
    spec = run.spec
    if not run.mapping:
        found = find_heading_row(rows, spec)
        if found is None:
            raise WorkbookError("no_heading", rows=10)
        index, run.mapping = found
        run.header_row, run.headings = start + index, [str(cell)[:60] for cell in rows[index]]
        run.skipped = [[start + above, "above"] for above in range(index) if any(cell != "" for cell in rows[above])]
    run.save(update_fields=["header_row", "headings", "mapping", "sheet", "skipped", "progress_total"])
    if missing := missing_columns(run.mapping, spec):
        raise WorkbookError("missing_column", columns=", ".join(column.heading for column in missing))


def _source_rows(run: ImportRun, checker: Checker, book: OpenWorkbook, start: int, rows: list[list[Any]]) -> SourceRows:
    """Return what is a record; blank rows go unnoticed, totals and remarks are listed in ``run.skipped``."""
    by_index = {index: code for index, code in enumerate(run.mapping) if code}
    formulas = {
        number: codes
        for number in range(start, start + len(rows))
        if (codes := tuple(by_index[index] for index in book.formulas.get(number, ()) if index in by_index))
    }
    filled = [
        (number, cells)
        for number, cells in enumerate(rows, start)
        if number > run.header_row and (any(cells) or number in formulas)
    ]
    columns = [*zip_longest(*(cells for _number, cells in filled), fillvalue="")]
    columns += [("",) * len(filled)] * (len(run.mapping) - len(columns))
    found = SourceRows(
        [number for number, _cells in filled],
        {code: columns[index] for index, code in by_index.items()},
        {place: formulas[number] for place, (number, _cells) in enumerate(filled) if number in formulas},
    )
    first = min(by_index)
    skipped = checker.skips(found) | {
        place: "heading" for place, cell in enumerate(columns[first]) if cell == run.headings[first]
    }
    if not skipped:
        return found
    room = max(0, _SKIPPED_SHOWN - len(run.skipped))
    run.skipped += [[found.numbers[place], skipped[place]] for place in sorted(skipped)[:room]]
    return found.without(skipped)


def _count(counts: dict[str, int], staged: list[Staged]) -> None:
    counts["total"] += len(staged)
    for row in staged:
        counts[row.outcome] += 1
        counts["suspicious"] += row.suspicious


def _stage(run: ImportRun, staged: list[Staged], *, done: int) -> None:
    with transaction.atomic():
        hold(run)
        bulk.insert(
            ImportRow,
            _FIELDS,
            (
                (
                    run.pk,
                    row.number,
                    row.outcome.value,
                    row.suspicious,
                    row.key,
                    row.label,
                    row.data,
                    row.diff,
                    row.findings,
                    RowState.STAGED.value,
                    None,
                    {},
                    [],
                )
                for row in staged
            ),
        )
        run.progress_total = max(run.progress_total, done)
        run.progress_done = done
        run.save(update_fields=["progress_done", "progress_total", "claimed_at"])


def _finish(run: ImportRun, state: str, *, counts: dict[str, int] | None = None, failure: list | None = None) -> None:
    with transaction.atomic():
        hold(run)
        counts = counts or {}
        run.total, run.suspicious_count = counts.get("total", 0), counts.get("suspicious", 0)
        for outcome in Outcome.values:
            setattr(run, f"{outcome}_count", counts.get(outcome, 0))
        run.state, run.failure, run.claimed_at, run.attempts = state, failure or [], None, 0
        run.progress_done, run.checked_at = run.progress_total, timezone.now()
        run.save()


def _delete_rows(run: ImportRun) -> None:
    with transaction.atomic():
        hold(run)
        ImportRow.objects.filter(run=run)._raw_delete(using=ImportRow.objects.db)


@transaction.atomic
def choose_columns(run: ImportRun, *, mapping: list[str], by: User) -> ImportRun:
    """Name the columns by hand and have the workbook checked again; raise ``RuleError`` when that cannot be."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state not in (State.READY, State.UNCLEAR):
        raise RuleError(_("The columns can only be changed before the list is imported."))
    named = [code for code in mapping if code]
    if double := {code for code in named if named.count(code) > 1}:
        labels = ", ".join(column.heading for column in run.spec.columns if column.code in double)
        raise RuleError(_("Two columns were given the same meaning: %(columns)s.") % {"columns": labels})
    if missing := missing_columns(mapping, run.spec):
        labels = ", ".join(column.heading for column in missing)
        raise RuleError(_("A column is missing that every row needs: %(columns)s.") % {"columns": labels})
    run.mapping, run.state, run.failure, run.claimed_at, run.attempts = mapping, State.UPLOADED, [], None, 0
    run.save(update_fields=["mapping", "state", "failure", "claimed_at", "attempts"])
    work_on_import.delay_on_commit(run.pk)
    return run
