"""Months as the dues know them: each is its first day."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.formats import date_format


def month_of(day: date) -> date:
    return day.replace(day=1)


def shifted(month: date, by: int) -> date:
    """Return the month ``by`` months later, earlier when negative."""
    year, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, index + 1, 1)


def last_day(month: date) -> date:
    return shifted(month, 1) - timedelta(days=1)


def distance(earlier: date, later: date) -> int:
    """Return how many months ``later`` comes after ``earlier``; negative when it comes before."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def span(first: date, last: date) -> Iterator[date]:
    """Yield the months from ``first`` to ``last``, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = shifted(month, 1)


def quarter_end(day: date) -> date:
    """Return the last month of the calendar quarter that holds ``day``."""
    return date(day.year, (day.month + 2) // 3 * 3, 1)


def in_words(month: date) -> str:
    """Return a month as people write it."""
    return date_format(month, "YEAR_MONTH_FORMAT")


def as_text(month: date) -> str:
    """Return a month as addresses and keys carry it: ``2026-11``."""
    return f"{month:%Y-%m}"


def from_text(text: str) -> date | None:
    """Read ``2026-11`` back; ``None`` for anything else."""
    year, _dash, number = text.partition("-")
    if not (year.isascii() and number.isascii() and year.isdecimal() and number.isdecimal()):
        return None
    if len(year) != 4 or len(number) != 2 or not 1 <= int(number) <= 12 or int(year) < 1:
        return None
    return date(int(year), int(number), 1)
