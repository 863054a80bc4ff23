"""Months, quarters and years as periods with a code that stands in addresses and rows."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

FIRST_YEAR, LAST_YEAR = 2000, 2200


class Span(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, quarter or year, from its first to its last day."""

    first: date
    span: Span

    @classmethod
    def of(cls, span: Span, day: date) -> Self:
        """Return the period of a length in which ``day`` lies."""
        length = _MONTHS[span]
        return cls(date(day.year, (day.month - 1) // length * length + 1, 1), span)

    @classmethod
    def read(cls, code: str) -> Self | None:
        """Return the period that a code names (``2026-03``, ``2026-Q1``, ``2026``), or ``None`` for anything else."""
        year, dash, rest = code[:4], code[4:5], code[5:]
        if not (year.isascii() and year.isdecimal() and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR):
            return None
        if code == year:
            return cls(date(int(year), 1, 1), Span.YEAR)
        if dash != "-":
            return None
        if len(rest) == 2 and rest[0] == "Q" and rest[1] in "1234":
            return cls(date(int(year), int(rest[1]) * 3 - 2, 1), Span.QUARTER)
        if len(rest) == 2 and rest.isascii() and rest.isdecimal() and 1 <= int(rest) <= 12:
            return cls(date(int(year), int(rest), 1), Span.MONTH)
        return None

    @property
    def code(self) -> str:
        if self.span is Span.YEAR:
            return f"{self.first.year}"
        if self.span is Span.QUARTER:
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> date:
        month = self.first.month + _MONTHS[self.span] - 1
        return date(self.first.year, month, monthrange(self.first.year, month)[1])

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def following(self) -> "Period":
        return Period.of(self.span, self.last + timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def periods_in(span: Span, first: date, last: date) -> Iterator[Period]:
    """Yield the periods of a length that have a day between ``first`` and ``last``, both included."""
    period = Period.of(span, first)
    while period.first <= last:
        yield period
        period = period.following


def months_between(first: date, last: date) -> Iterator[int]:
    """Yield the number (1 to 12) of each month that has a day between ``first`` and ``last``."""
    for period in periods_in(Span.MONTH, first, last):
        yield period.first.month
