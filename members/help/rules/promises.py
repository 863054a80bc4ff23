"""When an answer to a request is promised, and what is to be told when it does not come.

Pure: the calendar and the numbers of working days are given.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.rulesets.days import Calendar, add_workdays


class HelpState(models.TextChoices):
    """How far a request is; closed ones may be opened again by whoever asked."""

    ASKED = "asked", _("waits for somebody to take it up")
    ASSIGNED = "assigned", _("taken up")
    ANSWERED = "answered", _("answered, to be closed")
    CLOSED = "closed", _("closed")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("can wait some days")
    URGENT = "urgent", _("urgent")


# In these the promise runs.
WAITING = frozenset({HelpState.ASKED, HelpState.ASSIGNED})


class Mark(StrEnum):
    """What the schedule tells of a promise on a day."""

    LAST_DAY = "last_day"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Promises:
    """The working days of the setting."""

    normal: int
    urgent: int
    escalate: int

    def days(self, urgency: str) -> int:
        return min(self.normal, self.urgent) if urgency == Urgency.URGENT else self.normal


def promised_on(asked: date, urgency: str, promises: Promises, calendar: Calendar) -> date:
    """Return the last day for an answer; the day of asking is not counted."""
    return add_workdays(asked, promises.days(urgency), calendar)[0]


def mark_of(promised: date, on: date, promises: Promises, calendar: Calendar) -> Mark | None:
    """Say what is to be told on a day of a request that is still without an answer; the last thing that came true."""
    if on < promised:
        return None
    if on == promised:
        return Mark.LAST_DAY
    return Mark.ESCALATED if on > add_workdays(promised, promises.escalate, calendar)[0] else Mark.OVERDUE
