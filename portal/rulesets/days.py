"""Count days as the regulations do: months clamped to their end, working days by the announced calendar.

Pure: no clock, no database. A deadline includes its last day; the day something is posted or received is not counted.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: weekdays, but for ``holidays``, and the weekend days ``shifted`` into work.

    ``announced`` are the years whose days the State Council has announced; every other year is provisional, and one
    without any day here is counted by weekends alone.
    """

    holidays: frozenset[date] = field(default=frozenset())
    shifted: frozenset[date] = field(default=frozenset())
    announced: frozenset[int] = field(default=frozenset())

    def is_workday(self, day: date) -> bool:
        """Say whether ``day`` is worked."""
        if day in self.shifted:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def is_provisional(self, first: date, last: date) -> bool:
        """Say whether a year between ``first`` and ``last``, both included, is not announced yet."""
        return any(year not in self.announced for year in range(first.year, last.year + 1))


@lru_cache(maxsize=8192)  # a case asks for the same few days again and again
def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later (earlier when negative), clamped to the end of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(since: date, on: date) -> int:
    """Return how many whole months have passed from ``since`` to ``on``; negative when ``on`` is earlier."""
    months = (on.year - since.year) * 12 + on.month - since.month
    while add_months(since, months) > on:
        months -= 1
    return months


def add_workdays(day: date, n: int, calendar: Calendar) -> tuple[date, bool]:
    """Return the ``n``-th working day after ``day`` and whether a day counted is provisional.

    ``day`` itself is not counted, so a notice posted on it has hung for ``n`` working days once the day returned has
    passed. With ``n`` = 0 it is ``day``. Raises ``ValueError`` for a negative ``n``.
    """
    if n < 0:
        raise ValueError("working days are counted forward")
    last = day
    for _ in range(n):
        last += timedelta(days=1)
        while not calendar.is_workday(last):
            last += timedelta(days=1)
    if n == 0:
        return day, False
    return last, calendar.is_provisional(day + timedelta(days=1), last)


def workdays_between(first: date, last: date, calendar: Calendar) -> tuple[int, bool]:
    """Return the working days after ``first`` up to and with ``last``, and whether one of them is provisional."""
    if last <= first:
        return 0, False
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    count = sum(1 for day in days if calendar.is_workday(day))
    return count, calendar.is_provisional(first + timedelta(days=1), last)
