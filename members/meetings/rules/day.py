"""When people may come in, from when they are late, and when a meeting may be opened: times in, answers out."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

# People come before the beginning, and the screen is set up for them.
OPENS_BEFORE = timedelta(minutes=60)
# A sitting that nobody opened by then was not held as it was convened.
HELD_AT_LATEST_AFTER = timedelta(hours=12)

# Leave that was asked for in time and forgotten is decided no later than this after the end.
LEAVE_DECIDED_AT_LATEST_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Window:
    """Between which moments a convened meeting can be opened and people come in."""

    first: datetime
    last: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.first <= moment <= self.last


def window_of(planned_at: datetime, planned_until: datetime) -> Window:
    return Window(planned_at - OPENS_BEFORE, planned_until + HELD_AT_LATEST_AFTER)


def last_decision_on_leave(ended_at: datetime) -> datetime:
    """Return until when leave from a sitting that ended at ``ended_at`` is decided."""
    return ended_at + LEAVE_DECIDED_AT_LATEST_AFTER


def late_after(planned_at: datetime, started_at: datetime, *, minutes: int) -> datetime:
    """Return until when somebody came in time: nobody is late before the sitting was opened."""
    return max(planned_at, started_at) + timedelta(minutes=minutes)


def first_at(clock: time, after: datetime) -> datetime:
    """Return the first moment from ``after`` on at which a clock of its zone shows ``clock``: nothing lasts a day."""
    found = after.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
    return found if found >= after.replace(second=0, microsecond=0) else found + timedelta(days=1)


def votes_needed(may_vote: int) -> int:
    """Return how many of those who may vote are more than half of them (XZ26 19, 20)."""
    return may_vote // 2 + 1 if may_vote else 0
