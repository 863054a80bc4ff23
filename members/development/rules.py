"""What regulation and custom say of cultivation and of thought reports. Pure: facts and a rule set in, findings out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Standing
from portal.reviews.rules import State

# Full members report at meetings of group and branch instead (DJ 16); applicants need not write yet (domain.md 4.1).
WRITERS = frozenset({Standing.ACTIVIST, Standing.DEVELOPMENT_TARGET, Standing.PROBATIONARY})
# What readers may see: handed in and not taken back.
HANDED_IN = frozenset({State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED, State.ACCEPTED, State.PUBLISHED})
FIRST_YEAR, LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One dated edition of the rules; lengths in characters without white space, the rest in the unit named."""

    min_contacts: int = 1  # XZ26 art. 9
    max_contacts: int = 2  # XZ26 art. 9
    answer_days: int = 7  # the portal's promise, domain.md 3.7
    min_characters: int = 1500  # local custom, advice only
    max_characters: int = 2500  # local custom, advice only
    min_days_between: int = 30  # local custom: never two the next day
    min_days_in_quarter: int = 30  # who became a writer later in the quarter need not write for it
    quarters_back: int = 4  # how far a missed report may be handed in late
    due_lead_days: tuple[int, ...] = (14, 3, 0)  # domain.md 3.7
    repeat_days: int = 7
    escalate_days: int = 7


EDITION_2026_05 = RuleSet()


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A calendar quarter."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def words(self) -> str:
        """Return the quarter as people write it."""
        return str(_("%(year)d, quarter %(number)d")) % {"year": self.year, "number": self.number}

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


def draft_key(quarter: Quarter) -> str:
    """Return the key under which an author's text for ``quarter`` is kept while it is written."""
    return f"thought-report.{quarter}"


class ReportGap(models.TextChoices):
    """Why a report cannot be handed in."""

    NOT_A_WRITER = (
        "not_a_writer",
        _("Thought reports are written by activists, development targets and probationary members."),
    )
    NOT_YET = "not_yet", _("This quarter has not begun yet.")
    TOO_OLD = "too_old", _("This quarter is too long ago; speak with your branch secretary.")
    LOCKED = "locked", _("The report of this quarter is accepted and can no longer be changed.")


def gaps_before_writing(
    *, standing: str, quarter: Quarter, state: str, rules: RuleSet = EDITION_2026_05, on: date
) -> list[ReportGap]:
    """Say what forbids a person of ``standing`` to write for ``quarter`` on a day. Source: domain.md 4.1."""
    gaps = []
    if standing not in WRITERS:
        gaps.append(ReportGap.NOT_A_WRITER)
    now = Quarter.of(on)
    if quarter > now:
        gaps.append(ReportGap.NOT_YET)
    if quarter < oldest_quarter(on, rules):
        gaps.append(ReportGap.TOO_OLD)
    if state in (State.ACCEPTED, State.PUBLISHED):
        gaps.append(ReportGap.LOCKED)
    return gaps


def oldest_quarter(on: date, rules: RuleSet = EDITION_2026_05) -> Quarter:
    """Return the earliest quarter for which a report may still be handed in on a day."""
    quarter = Quarter.of(on)
    for _step in range(rules.quarters_back):
        quarter = quarter.previous
    return quarter


def answer_due(submitted_on: date, rules: RuleSet = EDITION_2026_05) -> date:
    """Return the day by which the author is promised an answer."""
    return submitted_on + timedelta(days=rules.answer_days)


class Mark(models.TextChoices):
    """What a secretary should notice of a report; advice, never a verdict."""

    LATE = "late", _("late")
    TOO_SHORT = "too_short", _("short")
    TOO_CLOSE = "too_close", _("soon after the one before")


def marks_of(
    quarter: Quarter, *, submitted_on: date, characters: int, previous_on: date | None, rules: RuleSet = EDITION_2026_05
) -> list[Mark]:
    """Return the marks of a report first handed in on ``submitted_on``; ``previous_on`` is that of the one before."""
    marks = []
    if submitted_on > quarter.last_day:
        marks.append(Mark.LATE)
    if characters < rules.min_characters:
        marks.append(Mark.TOO_SHORT)
    if previous_on and abs((submitted_on - previous_on).days) < rules.min_days_between:
        marks.append(Mark.TOO_CLOSE)
    return marks


class Cell(models.TextChoices):
    """What the grid says of one person in one quarter."""

    NOT_DUE = "not_due", _("not due")
    OPEN = "open", _("still open")
    MISSING = "missing", _("missing")
    WAITING = "waiting", _("waits for an answer")
    RETURNED = "returned", _("being rewritten")
    ACCEPTED = "accepted", _("accepted")


def cell_of(
    quarter: Quarter, *, state: str | None, writer_since: date | None, rules: RuleSet = EDITION_2026_05, on: date
) -> Cell:
    """Say how a person stands in ``quarter``; ``state`` is that of the report, ``None`` without one."""
    if state in (State.ACCEPTED, State.PUBLISHED):
        return Cell.ACCEPTED
    if state in (State.SUBMITTED, State.UNDER_REVIEW):
        return Cell.WAITING
    if state == State.RETURNED:
        return Cell.RETURNED
    if not is_due(quarter, writer_since=writer_since, rules=rules) or quarter.first_day > on:
        return Cell.NOT_DUE
    return Cell.OPEN if on <= quarter.last_day else Cell.MISSING


def is_due(quarter: Quarter, *, writer_since: date | None, rules: RuleSet = EDITION_2026_05) -> bool:
    """Say whether somebody who writes since ``writer_since`` owes a report for ``quarter``."""
    return writer_since is not None and writer_since <= latest_start(quarter, rules)


def latest_start(quarter: Quarter, rules: RuleSet = EDITION_2026_05) -> date:
    """Return the last day on which somebody may have become a writer and owes a report for ``quarter``."""
    return quarter.last_day - timedelta(days=rules.min_days_in_quarter)


def lead_on(quarter: Quarter, on: date, rules: RuleSet = EDITION_2026_05) -> int | None:
    """Return the lead whose reminder counts on a day: the shortest reached, ``None`` before all and after the end.

    A schedule that slept through a day sends the reminder on the next one.
    """
    left = (quarter.last_day - on).days
    reached = [lead for lead in rules.due_lead_days if 0 <= left <= lead]
    return min(reached) if reached else None


def weeks_overdue(due_on: date, on: date, rules: RuleSet = EDITION_2026_05) -> int | None:
    """Return which weekly reminder counts on a day: 0 from the first day after ``due_on``, ``None`` before."""
    late = (on - due_on).days
    return (late - 1) // rules.repeat_days if late > 0 else None


class ContactGap(models.TextChoices):
    """Why somebody cannot be the cultivation contact of a person."""

    NOT_FULL_MEMBER = "not_full_member", _("Only a full member can be a cultivation contact (XZ26 art. 9).")
    SAME_PERSON = "same_person", _("Nobody is their own cultivation contact.")
    NOT_CULTIVATED = (
        "not_cultivated",
        _("Contacts are assigned to activists, development targets and probationary members."),
    )
    ALREADY = "already", _("This contact is assigned already.")
    TOO_MANY = "too_many", _("A person has at most two cultivation contacts (XZ26 art. 9); end one first.")


def gaps_before_contact(
    *,
    person_id: int,
    person_standing: str,
    contact_id: int,
    contact_standing: str,
    current: Collection[int],
    rules: RuleSet = EDITION_2026_05,
) -> list[ContactGap]:
    """Say what forbids the assignment; ``current`` holds the ids of the person's contacts. Source: XZ26 art. 9."""
    gaps = []
    if contact_id == person_id:
        gaps.append(ContactGap.SAME_PERSON)
    elif contact_standing != Standing.FULL_MEMBER:
        gaps.append(ContactGap.NOT_FULL_MEMBER)
    if person_standing not in WRITERS:
        gaps.append(ContactGap.NOT_CULTIVATED)
    if contact_id in current:
        gaps.append(ContactGap.ALREADY)
    elif len(current) >= rules.max_contacts:
        gaps.append(ContactGap.TOO_MANY)
    return gaps
