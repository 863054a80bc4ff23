"""Turn cells of a list of cases into values: lists of days and people, counts of votes, papers."""

import re
from typing import Any

from members.imports.cells import EMPTY_WORDS, Unreadable, day_of, text_of

from ..engine.details import Minutes

_BETWEEN = re.compile(r"[、,，;；/\s]+")
_BETWEEN_DAYS = re.compile(r"[、,，;；]+")
_COUNTS = re.compile(r"\d+")
MOST = 30_000  # people of one branch congress, and more


def parts_of(cell: Any) -> list[str]:
    """Return the entries of a cell that names several; a customary empty cell names none."""
    text = text_of(cell)
    return [part for part in _BETWEEN.split(text) if part and part.lower() not in EMPTY_WORDS]


def days_of(cell: Any) -> list[str]:
    """Return the days in a cell, in their order; raise ``Unreadable`` for what is none."""
    if not isinstance(cell, str):
        return [day] if (day := day_of(cell)) else []
    return sorted(day for part in _BETWEEN_DAYS.split(cell) if (day := day_of(part.strip())))


def whole_of(cell: Any) -> int | None:
    """Return a whole number or ``None``; raise ``Unreadable`` for anything else."""
    text = text_of(cell)
    if not text or text.lower() in EMPTY_WORDS:
        return None
    if not text.isdecimal() or len(text) > 5 or int(text) > MOST:
        raise Unreadable(text)
    return int(text)


def minutes_of(cell: Any) -> Minutes:
    """Return the count in a cell: due, present, in favor, against, abstained; raise ``Unreadable`` for other shapes.

    Of three numbers the last two are left open, unless everybody present was in favor.
    """
    text = text_of(cell)
    if not text or text.lower() in EMPTY_WORDS:
        return Minutes()
    numbers = [int(found) for found in _COUNTS.findall(text)]
    if len(numbers) not in (3, 5) or max(numbers) > MOST:
        raise Unreadable(text)
    due, present, yes, *others = numbers
    if not others and yes == present:
        others = [0, 0]
    no, abstain = others or (None, None)
    return Minutes(due=due, present=present, yes=yes, no=no, abstain=abstain)
