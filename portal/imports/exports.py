"""Write lists as Excel workbooks: texts as text, days as days, no cell that computes anything."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SPOOL_BYTES = 4 * 1024 * 1024
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CELL_MAX = 32_000
_UNFIT_FOR_NAMES = {ord(sign): " " for sign in '\\/:*?"<>|'} | dict.fromkeys(range(32), " ")
_NAME_MAX = 120


class Sheet:
    """One sheet being written row by row; remembers the formats of its workbook."""

    def __init__(self, book: xlsxwriter.Workbook, name: str) -> None:
        self.sheet = book.add_worksheet(name[:31].translate({ord(sign): " " for sign in "[]:*?/\\"}) or None)
        self.text = book.add_format({"num_format": "@", "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#F3E9E7", "border": 1, "text_wrap": True, "valign": "top", "num_format": "@"}
        )

    def write(self, row: int, column: int, value: Any, form: Any = None) -> None:
        """Write one cell by what the value is; text stays text, whatever it looks like."""
        if value is None or value == "":
            if form is not None:
                self.sheet.write_blank(row, column, None, form)
        elif isinstance(value, datetime):
            moment = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
            self.sheet.write_string(row, column, f"{moment:%Y-%m-%d %H:%M}", form or self.text)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), form or self.day)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.sheet.write_number(row, column, value, form)
        else:
            self.sheet.write_string(row, column, str(value)[:_CELL_MAX], form or self.text)


def new_workbook(target: IO[bytes], *, streamed: bool = True) -> xlsxwriter.Workbook:
    """Return a workbook that never turns text into formulas, links or numbers."""
    return xlsxwriter.Workbook(target, _OPTIONS | {"constant_memory": streamed})


def workbook(columns: Sequence[Any], rows: Iterable[Sequence[Any]], *, sheet: str = "") -> IO[bytes]:
    """Write a list and return the open file, at its beginning.

    ``columns`` are headings, or ``(heading, width)``; ``rows`` may be a generator: each row is written as it comes.
    Identifiers are passed as ``str`` and stay text; masking what is sensitive is the caller's work.
    """
    target = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - the response closes it
    book = new_workbook(target)
    page = Sheet(book, str(sheet))
    for index, column in enumerate(columns):
        heading, width = column if isinstance(column, tuple) else (column, 14)
        page.sheet.set_column(index, index, width)
        page.write(0, index, str(heading), page.head)
    page.sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for index, value in enumerate(row):
            page.write(number, index, value)
    book.close()
    target.seek(0)
    return target


def workbook_response(taken: IO[bytes], *names: Any, on: date) -> FileResponse:
    """Send a workbook as a download that is called by whose list it is, which one, and the day it was taken."""
    name = "-".join(str(part) for part in names).translate(_UNFIT_FOR_NAMES)[:_NAME_MAX].strip()
    return FileResponse(taken, as_attachment=True, filename=f"{name}-{on:%Y%m%d}.xlsx", content_type=XLSX)
