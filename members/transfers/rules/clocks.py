"""Clocks: how long a letter still runs, and which reminder is due on a day (domain.md 3.7)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.rulesets.days import add_months

from .values import NATIONAL, Limits

LETTER_LEADS = (30, 7, 0)
RETAINED_LEADS = (180, 30)
ABROAD_CONTACT_LEADS = (30, 0)
ABROAD_LIMIT_LEADS = (180, 30)
LOST_MONTHS = (3, 6)
OVERDUE_WEEKS_MAX = 26
ESCALATE_AFTER_DAYS = 7


class RelationState(models.TextChoices):
    """Where the relation of a member stands when it is not simply in place (domain.md 2)."""

    RETAINED = "retained_after_graduation", _("kept at the university after graduation")
    FLOATING = "floating", _("floating")
    ABROAD = "abroad", _("abroad")
    LOST = "lost_contact", _("contact lost")


class Reminding(StrEnum):
    """What a reminder about a relation says."""

    CONTACT = "contact"
    LIMIT = "limit"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Mark:
    """A reminder due on a day: ``key`` is stable, so that a day run twice or late tells nobody twice."""

    key: str
    what: Reminding
    due_on: date
    escalates: bool = False


def expires_on(issued_on: date, valid_days: int) -> date:
    """Return the last day a letter holds; the day of issue is not counted."""
    return issued_on + timedelta(days=valid_days)


def lead_mark(due_on: date, leads: tuple[int, ...], on: date) -> str | None:
    """Return the name of the mark that has been reached on ``on``, or ``None``: the nearest lead, then weeks overdue.

    A day that the schedule missed is made up on the next: the mark holds until the following one.
    """
    left = (due_on - on).days
    if left < 0:
        week = (-left - 1) // 7
        return f"late{week}" if week < OVERDUE_WEEKS_MAX else None
    reached = [lead for lead in leads if left <= lead]
    return f"lead{min(reached)}" if reached else None


def is_escalated(due_on: date, on: date) -> bool:
    """Say whether the level above is told too: from a week late on."""
    return on >= due_on + timedelta(days=ESCALATE_AFTER_DAYS)


def limit_of(state: str, since: date, limits: Limits = NATIONAL) -> date | None:
    """Return the day on which a relation state should have ended, or ``None`` when it has no limit."""
    if state == RelationState.RETAINED:
        return add_months(since, 12 * limits.retained_years)
    if state == RelationState.ABROAD:
        return add_months(since, 12 * limits.abroad_years)
    return None


def contact_due(state: str, since: date, last_contact_on: date | None, limits: Limits = NATIONAL) -> date | None:
    """Return the day by which the next contact is due: whoever is away is asked every six months (DJ art. 32, 34)."""
    if state == RelationState.LOST:
        return None
    return add_months(max(since, last_contact_on or since), limits.abroad_contact_months)


def marks_of(
    state: str, since: date, last_contact_on: date | None, *, on: date, limits: Limits = NATIONAL
) -> list[Mark]:
    """Return the reminders about one relation that have been reached on ``on``."""
    marks = []
    due = contact_due(state, since, last_contact_on, limits)
    if due is not None and (name := lead_mark(due, ABROAD_CONTACT_LEADS, on)):
        marks.append(Mark(f"contact:{due.isoformat()}:{name}", Reminding.CONTACT, due, is_escalated(due, on)))
    limit = limit_of(state, since, limits)
    if limit is not None:
        leads = RETAINED_LEADS if state == RelationState.RETAINED else ABROAD_LIMIT_LEADS
        if name := lead_mark(limit, leads, on):
            marks.append(Mark(f"limit:{limit.isoformat()}:{name}", Reminding.LIMIT, limit, is_escalated(limit, on)))
    if state == RelationState.LOST:
        reached = [months for months in LOST_MONTHS if add_months(last_contact_on or since, months) <= on]
        if reached:
            months = max(reached)
            due = add_months(last_contact_on or since, limits.lost_months)
            marks.append(Mark(f"lost:{months}", Reminding.LOST, due, months >= limits.lost_months))
    return marks


@dataclass(frozen=True, slots=True)
class Clock:
    """What a page shows of a running clock; ``tone`` is one of the tones of ``{% status %}``."""

    due_on: date
    days_left: int
    tone: str


def clock(due_on: date | None, *, on: date) -> Clock | None:
    """Return the clock of a letter, or ``None`` when none runs."""
    if due_on is None:
        return None
    left = (due_on - on).days
    return Clock(due_on, left, "danger" if left < 0 else "warning" if left <= LETTER_LEADS[1] else "info")
