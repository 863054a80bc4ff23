"""When somebody is told of a duty: before its last day, on it, weekly after it (domain.md 3.7, ``org_life_missing``).

A duty of the whole year is told of two months ahead as well: an appraisal is not prepared in a week. What stands in the
plan is not reminded of; its own invitations do that. What was missed in a month stays missed; after four weeks the next
period speaks for itself.
"""

from datetime import date, timedelta

from .evaluate import Obligation, Status
from .periods import Span

WEEKS = 4
DAYS_LATE = 7 * WEEKS
EARLY_DAYS = 60
# From this week on the superior's own superior is told too.
ESCALATED_FROM = 1


def mark_of(owed: Obligation, on: date, remind_before: int) -> str:
    """Return which reminder holds on a day (``early``, ``lead``, ``day``, ``late0`` … ``late3``), or nothing.

    A mark holds until the next one, so that a day which the schedule missed is made up on the following.
    """
    left = (owed.due_on - on).days
    if owed.status is Status.DUE and left <= remind_before:
        return "lead" if left else "day"
    if owed.status is Status.DUE and owed.period.span is Span.YEAR and left <= EARLY_DAYS:
        return "early"
    if owed.status is Status.OVERDUE and (week := (-left - 1) // 7) < WEEKS:
        return f"late{week}"
    return ""


def week_of(mark: str) -> int | None:
    """Return the week of a late mark, or ``None`` for the others."""
    return int(mark.removeprefix("late")) if mark.startswith("late") else None


def reminded_between(on: date) -> tuple[date, date]:
    """Return between which last days a duty can be told of on a day."""
    return on - timedelta(days=DAYS_LATE), on + timedelta(days=EARLY_DAYS)
