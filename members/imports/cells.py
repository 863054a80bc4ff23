"""Turn the cells of a roster into values: names without blanks, every customary way to write a day."""

import re
from datetime import date, timedelta
from typing import Any

_NAME_DOTS = re.compile(r"[•‧・∙⋅.]")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SPACED_DAY = re.compile(
    r"(\d{4})\s?[-/.年、]\s?(\d{1,2})\s?[-/.月、]\s?(\d{1,2})\s?[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
)
_MONTH = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?月?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
EMPTY_WORDS = frozenset(
    {"无", "暂无", "没有", "未知", "不详", "空", "-", "--", "—", "——", "/", "\\", "n/a", "na", "none", "null", "#n/a"}
)
_EXCEL_EPOCH = date(1899, 12, 30)


class Unreadable(ValueError):
    """A cell holds something that is not what its column asks for."""


def text_of(cell: Any) -> str:
    """Return a cell as text; the reader has brought texts into one width and trimmed them."""
    if type(cell) is str:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def name_of(cell: Any) -> str:
    """Return a person's name: blanks between Chinese characters go, the dot of minority names has one form."""
    text = text_of(cell)
    if text.isascii():
        return text
    return _NAME_DOTS.sub("·", text.replace(" ", ""))


def is_damaged_number(cell: Any, *, digits: int) -> bool:
    """Say whether Excel has destroyed an identifier of about ``digits`` digits by keeping it as a number.

    A number cell holds fifteen digits; the rest become zeros, and long ones are shown as ``1.10105E+17``.
    """
    if type(cell) is str:
        return ("e" in cell or "E" in cell) and bool(_SCIENTIFIC.fullmatch(cell.strip()))
    if isinstance(cell, bool):
        return True
    return isinstance(cell, int | float) and (digits > 15 or abs(cell) >= 1e15 or cell != int(cell))


def is_empty_word(text: str) -> bool:
    """Say whether ``text`` is a customary way to leave a cell empty."""
    return text.lower() in EMPTY_WORDS


def _day_of_text(text: str) -> str:
    found = _COMPACT_DAY.fullmatch(text) or _SPACED_DAY.fullmatch(text)
    if not found:
        raise Unreadable(text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Unreadable(text) from error
    if not 1900 <= day.year <= 2100:
        raise Unreadable(text)
    return day.isoformat()


def day_of(cell: Any) -> str:
    """Return a day as ``YYYY-MM-DD`` or ``""``; raise ``Unreadable`` for what is no day.

    Takes 20250131, 2026年8月10日, 2026/10/12, 2023.04.29, date cells, and Excel's count of days.
    """
    if isinstance(cell, bool):
        raise Unreadable(str(cell))
    if isinstance(cell, int | float):
        if cell == int(cell) and 18_000_000 <= cell <= 21_001_231:
            return _day_of_text(str(int(cell)))
        if 1 <= cell < 73_051:
            return (_EXCEL_EPOCH + timedelta(days=int(cell))).isoformat()
        raise Unreadable(str(cell))
    text = text_of(cell)
    if not text or is_empty_word(text):
        return ""
    return _day_of_text(text)


def is_month_only(text: str) -> bool:
    """Say whether ``text`` names a month without a day: worth its own words."""
    return bool(_MONTH.fullmatch(text))
