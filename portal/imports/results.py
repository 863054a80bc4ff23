"""The workbooks that imports give out: the list back with its findings, and the template."""

import tempfile
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from django.utils.translation import gettext as _

from .exports import SPOOL_BYTES, Sheet, new_workbook
from .models import ImportRow, ImportRun, RowState
from .queries import words_of
from .registry import ImportKind, Outcome, Severity
from .workbooks import reading, unsealed

_COLORS = {Severity.ERROR: "#F8C9C4", Severity.WARNING: "#FCE8B2", Severity.NOTE: "#DDEBF7"}
_ROWS_OF_LISTS = 2000


def annotated_workbook(run: ImportRun) -> IO[bytes]:
    """Return the list as it was brought, with two columns in front and the cells in question colored.

    Every text stays text, so that identifiers survive; row numbers are those of the list.
    """
    target = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - the response closes it
    book = new_workbook(target)
    page = Sheet(book, run.sheet or run.filename)
    formats = {
        severity: book.add_format({"num_format": "@", "bg_color": color, "valign": "top", "text_wrap": True})
        for severity, color in _COLORS.items()
    }
    page.sheet.set_column(0, 0, 12)
    page.sheet.set_column(1, 1, 60)
    page.sheet.set_column(2, len(run.headings) + 2, 16)
    places = {code: index for index, code in enumerate(run.mapping) if code}
    findings = _findings(run)
    ahead = next(findings, None)
    suffix = run.filename.rsplit(".", 1)[-1].lower()
    with run.file.open("rb") as stored, reading(unsealed(stored), suffix) as source:
        for start, rows in source.chunks:
            for number, cells in enumerate(rows, start):
                form: Any = None
                colored: dict[int, Any] = {}
                if number == run.header_row:
                    form = page.head
                    page.write(number - 1, 0, _("Result"), form)
                    page.write(number - 1, 1, _("Findings"), form)
                elif ahead and ahead[0] == number:
                    _number, state, words = ahead
                    gravest = words[0].severity if words else None
                    page.write(number - 1, 0, state, formats.get(gravest))
                    text = "\n".join(f"{word.severity.label}: {word.text}" for word in words)
                    page.write(number - 1, 1, text, formats.get(gravest))
                    for word in reversed(words):
                        if word.column in places:
                            colored[places[word.column]] = formats[word.severity]
                    ahead = next(findings, None)
                for index, cell in enumerate(cells):
                    page.write(number - 1, index + 2, _text(cell), form or colored.get(index))
    if run.header_row:
        page.sheet.freeze_panes(run.header_row, 2)
    book.close()
    target.seek(0)
    return target


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _findings(run: ImportRun) -> Iterator[tuple[int, str, list]]:
    spec = run.spec
    for row in ImportRow.objects.filter(run=run).order_by("number").defer("data", "diff", "written").iterator(2000):
        state = Outcome(row.outcome).label if row.state == RowState.STAGED else RowState(row.state).label
        yield row.number, str(state), words_of(spec, row)


def template_workbook(kind: ImportKind) -> IO[bytes]:
    """Return an empty list: headings, a sample row, lists to choose from, and a sheet of instructions."""
    target = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - the response closes it
    book = new_workbook(target, streamed=False)
    page = Sheet(book, str(kind.label))
    lists = book.add_worksheet("lists")
    lists.hide()
    for index, column in enumerate(kind.columns):
        page.sheet.set_column(index, index, column.width, page.day if column.is_date else page.text)
        page.write(0, index, column.heading, page.head)
        page.write(1, index, date.fromisoformat(column.sample) if column.is_date and column.sample else column.sample)
        if column.choices:
            lists.write_column(0, index, column.choices)
            letters = _letters(index)
            page.sheet.data_validation(
                1, index, _ROWS_OF_LISTS, index,
                {"validate": "list", "source": f"=lists!${letters}$1:${letters}${len(column.choices)}",
                 "error_type": "warning"},
            )  # fmt: skip
    page.sheet.freeze_panes(1, 0)
    guide = Sheet(book, _("Instructions"))
    guide.sheet.set_column(0, 0, 24)
    guide.sheet.set_column(1, 1, 12)
    guide.sheet.set_column(2, 2, 80)
    line = 0
    for words in (*kind.instructions, _("The second row of the first sheet is a sample: replace it.")):
        guide.write(line, 0, str(words))
        line += 1
    line += 1
    for index, heading in enumerate((_("Column"), _("Must be given"), _("What it holds"))):
        guide.write(line, index, heading, guide.head)
    for column in kind.columns:
        line += 1
        guide.write(line, 0, column.heading)
        guide.write(line, 1, _("yes") if column.required else "")
        guide.write(line, 2, " ".join(str(part) for part in (column.help, "、".join(column.choices[:12])) if part))
    book.close()
    target.seek(0)
    return target


def _letters(index: int) -> str:
    """Return the letters of a column counted from 0."""
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)
