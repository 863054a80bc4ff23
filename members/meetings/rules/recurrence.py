"""On which days a meeting comes again; days that a month lacks become its last."""

from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import MO, relativedelta, weekday

MONTHLY_DAY, MONTHLY_WEEKDAY, QUARTERLY = "monthly_day", "monthly_weekday", "quarterly"
LAST_WEEK = 5
# A sitting is proposed this long ahead, so that it can be convened with notice.
AHEAD_DAYS = 45


def occurrence(
    recurrence: str, month: date, *, day: int | None = None, week: int | None = None, on_weekday: int | None = None
) -> date | None:
    """Return the day of a meeting in the month of ``month``, or ``None`` when it does not come in that month.

    ``week`` 1 to 4 counts from the beginning, 5 is the last; ``on_weekday`` 0 is Monday. A quarterly meeting comes in
    March, June, September and December.
    """
    first = month.replace(day=1)
    if recurrence == MONTHLY_DAY and day:
        return first + relativedelta(day=day)
    if week is None or on_weekday is None:
        return None
    if recurrence == MONTHLY_WEEKDAY or (recurrence == QUARTERLY and month.month % 3 == 0):
        name: weekday = weekday(on_weekday)
        if week == LAST_WEEK:
            return first + relativedelta(day=31, weekday=name(-1))
        return first + relativedelta(day=1, weekday=name(week))
    return None


def occurrences(
    recurrence: str,
    *,
    since: date,
    until: date,
    day: int | None = None,
    week: int | None = None,
    on_weekday: int | None = None,
) -> Iterator[date]:
    """Yield the days after ``since`` up to ``until``, the soonest first."""
    month = since.replace(day=1)
    while month <= until:
        found = occurrence(recurrence, month, day=day, week=week, on_weekday=on_weekday)
        if found is not None and since < found <= until:
            yield found
        month += relativedelta(months=1)


def monday_of(day: date) -> date:
    """Return the Monday of the week of ``day``."""
    return day + relativedelta(weekday=MO(-1))
