"""The days of a year as a list, read from a file and checked row by row; beside this module lie the years known."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.imports.workbooks import WorkbookError, kind_of, reading
from portal.web.refusals import RuleError

from ..days import SATURDAY

ROWS_MAX = 400
NAME_MAX = 50
_DAY = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")
_HEADINGS = {
    "day": {"day", "date", "日期", "日子"},
    "kind": {"kind", "type", "类型", "类别", "性质"},
    "name": {"name", "名称", "节日", "假日", "节假日", "备注"},
}
_KINDS = {
    "holiday": "holiday", "off": "holiday", "放假": "holiday", "假日": "holiday", "节假日": "holiday", "休": "holiday",
    "休息": "holiday", "workday": "workday", "work": "workday", "上班": "workday", "补班": "workday",
    "调休上班": "workday", "调班": "workday", "班": "workday", "工作日": "workday",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A day that is not what its weekday says; ``kind`` is ``holiday`` or ``workday``."""

    day: date
    kind: str
    name: str


def read_file(upload: File, year: int) -> list[CalendarRow]:
    """Return the days in an uploaded workbook or simple list; raise ``RuleError`` with one message for each bad row."""
    try:
        kind = kind_of(upload)
        with reading(iter(upload.chunks()), kind) as book:
            rows = [(first + place, cells) for first, chunk in book.chunks for place, cells in enumerate(chunk)]
    except WorkbookError as error:
        raise RuleError(error.words) from error
    return read_rows(rows, year)


def read_rows(rows: Iterable[tuple[int, Sequence[Any]]], year: int) -> list[CalendarRow]:
    """Return the days of ``year`` in numbered rows under a heading; raise ``RuleError`` naming every bad row."""
    filled = [(number, [str(cell or "").strip() for cell in cells]) for number, cells in rows]
    filled = [(number, cells) for number, cells in filled if any(cells)]
    if not filled:
        raise RuleError(_("The file holds no row."))
    if len(filled) > ROWS_MAX:
        raise RuleError(_("The file holds more rows than a year has days."))
    places = _places(filled[0][1])
    found: dict[date, CalendarRow] = {}
    errors = []
    for number, cells in filled[1:]:
        texts = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        day, flaws = _checked_day(texts["day"], year)
        kind = _KINDS.get(texts["kind"].lower())
        if kind is None:
            flaws.append(_("“%(text)s” is neither holiday nor workday.") % {"text": texts["kind"][:20]})
        if day in found:
            flaws.append(_("%(day)s is named twice.") % {"day": texts["day"][:20]})
        if day and kind == "workday" and day.weekday() < SATURDAY:
            flaws.append(_("%(day)s is a weekday; only a Saturday or Sunday can be shifted.") % {"day": texts["day"]})
        if len(texts.get("name", "")) > NAME_MAX:
            flaws.append(_("The name is too long."))
        errors += [_("Row %(number)d: %(flaw)s") % {"number": number, "flaw": flaw} for flaw in flaws]
        if day and kind and not flaws:
            found[day] = CalendarRow(day, kind, texts.get("name", ""))
    if errors:
        raise RuleError(errors)
    if not any(row.kind == "holiday" for row in found.values()):
        raise RuleError(_("A year without a single holiday is no calendar."))
    return sorted(found.values(), key=lambda row: row.day)


def _places(heading: Sequence[str]) -> dict[str, int]:
    known = {
        name: next((place for place, text in enumerate(heading) if text.lower() in words), None)
        for name, words in _HEADINGS.items()
    }
    if known["day"] is None or known["kind"] is None:
        raise RuleError(_("The first row must name the columns: day, kind, name."))
    return {name: place for name, place in known.items() if place is not None}


def _checked_day(text: str, year: int) -> tuple[date | None, list[str]]:
    match = _DAY.fullmatch(text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        return None, [_("“%(text)s” is no day.") % {"text": text[:20]}]
    if day.year != year:
        return None, [_("%(day)s does not lie in %(year)d.") % {"day": text, "year": year}]
    return day, []
