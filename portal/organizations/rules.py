"""What the regulation says of a branch's size, its officers and its term: facts in, findings and days out.

Sources: domain.md 1.2, 1.3. The names of types are those of ``OrganizationType``.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

LONGEST_TERM_YEARS = 10
# RQ18 art. 1: branch and general branch three years, base-level committee five. Officers of a temporary branch are
# appointed (ZB art. 5) and those of a functional or floating one act beside the home branch: no term runs.
TERM_YEARS = {
    "university_committee": 5,
    "college_committee": 5,
    "general_branch": 3,
    "direct_branch": 3,
    "branch": 3,
    "joint_branch": 3,
}
# Branches to which people belong with their relations: only there do numbers of members mean anything.
COUNTED_TYPES = frozenset({"direct_branch", "branch", "joint_branch"})
LED_TYPES = COUNTED_TYPES | {"temporary_branch", "functional_branch", "floating_branch"}


def term_end(org_type: str, started_on: date | None, years: int | None) -> date | None:
    """Return the day on which a term that began on ``started_on`` is over, or ``None`` when no term runs.

    ``years`` empty means the term of the type. A term from 29 February ends on the 28th of a year without that day.
    Source: RQ18 art. 1.
    """
    length = years or TERM_YEARS.get(org_type)
    if started_on is None or not length or started_on.year + length > date.max.year:
        return None
    return _same_day(started_on, started_on.year + length)


def latest_start(end: date, years: int) -> date | None:
    """Return the latest first day of a term of ``years`` that is over by ``end``; ``None`` before the calendar."""
    if end.year - years < date.min.year:
        return None
    start = _same_day(end, end.year - years)
    # Both 28 and 29 February of a leap year lead to the 28th of a common one.
    return (
        start + timedelta(days=1)
        if (end.month, end.day) == (2, 28) and isleap(start.year) and not isleap(end.year)
        else start
    )


def _same_day(day: date, year: int) -> date:
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


REMINDER_DAYS = (180, 90, 30)


def reminder_mark(ends_on: date, on: date) -> str | None:
    """Return which reminder of a term's end is current on ``on``: ``"180"``, ``"90"``, ``"30"``, ``"late-<week>"``.

    ``None`` while it is early. A mark stays the same until the next, so that a job that runs late or twice reminds
    once. Source: the official explainer of RQ18 (six months ahead); the later marks are the portal's own.
    """
    left = (ends_on - on).days
    if left < 0:
        return f"late-{(-left - 1) // 7 + 1}"
    return next((str(days) for days in sorted(REMINDER_DAYS) if left <= days), None)


@dataclass(frozen=True, slots=True)
class BranchRules:
    """The thresholds of one edition of the regulation."""

    min_full_members: int = 3  # ZB art. 4, JG19 art. 7
    committee_from: int = 7  # full members; ZB ch. 6, JG19 art. 7
    min_committee: int = 3  # ZB ch. 6
    max_members: int = 50  # full and probationary; ZB art. 4


ZB2018 = BranchRules()


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """What is known of a branch on a day: members, people in posts of the committee, and whether one is secretary."""

    org_type: str
    full_members: int
    probationary_members: int
    committee_size: int
    has_secretary: bool


class Finding(StrEnum):
    TOO_FEW_FULL_MEMBERS = "too_few_full_members"
    NO_COMMITTEE = "no_committee"
    TOO_MANY_MEMBERS = "too_many_members"
    NO_SECRETARY = "no_secretary"

    @property
    def label(self) -> str:
        return str(_LABELS[self])

    @property
    def source(self) -> str:
        """Return the regulation and article behind the finding."""
        return str(_SOURCES[self])


_LABELS = {
    Finding.TOO_FEW_FULL_MEMBERS: _("Fewer than three full members: consider a joint branch or a merger."),
    Finding.NO_COMMITTEE: _("Seven or more full members, but no committee of at least three."),
    Finding.TOO_MANY_MEMBERS: _("More than fifty members: consider a split or a general branch."),
    Finding.NO_SECRETARY: _("There is no secretary: hold a by-election or appoint one."),
}
_SOURCES = {
    Finding.TOO_FEW_FULL_MEMBERS: _("Regulations on the work of branches, article 4"),
    Finding.NO_COMMITTEE: _("Regulations on the work of branches, chapter 6"),
    Finding.TOO_MANY_MEMBERS: _("Regulations on the work of branches, article 4"),
    Finding.NO_SECRETARY: _("Regulations on the work of branches, chapter 6"),
}


def branch_findings(facts: BranchFacts, rules: BranchRules = ZB2018) -> list[Finding]:
    """Say what in a branch departs from the regulation; empty for a node that is no branch.

    Three and seven count full members only, fifty counts probationary members as well. Source: ZB art. 4, ch. 6.
    """
    found = []
    if facts.org_type in COUNTED_TYPES:
        if facts.full_members < rules.min_full_members:
            found.append(Finding.TOO_FEW_FULL_MEMBERS)
        if facts.full_members >= rules.committee_from and facts.committee_size < rules.min_committee:
            found.append(Finding.NO_COMMITTEE)
        if facts.full_members + facts.probationary_members > rules.max_members:
            found.append(Finding.TOO_MANY_MEMBERS)
    if facts.org_type in LED_TYPES and not facts.has_secretary:
        found.append(Finding.NO_SECRETARY)
    return found


def may_merge(earlier_type: str, later_type: str) -> bool:
    """Say whether a node may be merged into another: branches into branches, otherwise like into like."""
    return earlier_type == later_type or {earlier_type, later_type} <= LED_TYPES
