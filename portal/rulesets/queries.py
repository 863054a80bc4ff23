"""Read what is in force: the rules at a place, and the calendar of working days."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.organizations.models import Organization

from .days import Calendar
from .editions import EDITIONS
from .models import CalendarDay, CalendarYear, DayKind, RuleSetting
from .values import RuleSet, merge


@dataclass(slots=True)
class Rulebook:
    """All settings, read once: ``rules(edition_code, organization_id)`` asks the database nothing more."""

    university: Mapping[str, Mapping[str, int]]
    reasons: Mapping[str, Mapping[str, str]]
    habits: Mapping[tuple[str, int], Mapping[str, int]]
    _merged: dict[tuple[str, int], RuleSet] = field(default_factory=dict)

    def rules(self, edition_code: str, organization_id: int | None = None) -> RuleSet:
        """Return the rules of an edition at a node; raises ``KeyError`` for an edition the portal does not know."""
        habits = self.habits.get((edition_code, organization_id or 0), {})
        key = (edition_code, organization_id or 0) if habits else (edition_code, 0)
        if key not in self._merged:
            self._merged[key] = merge(
                EDITIONS[edition_code],
                self.university.get(edition_code),
                habits,
                self.reasons.get(edition_code),
            )
        return self._merged[key]


def rulebook() -> Rulebook:
    """Return every setting in one query: for boards and nightly runs over many places."""
    rows = RuleSetting.objects.values_list(
        "edition", "code", "amount", "words", "organization_id", "organization__depth"
    )
    university: dict[str, dict[str, int]] = defaultdict(dict)
    reasons: dict[str, dict[str, str]] = defaultdict(dict)
    habits: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for edition, code, amount, why, organization_id, depth in rows:
        if depth == 1:
            university[edition][code], reasons[edition][code] = amount, why
        else:
            habits[edition, organization_id][code] = amount
    return Rulebook(university, reasons, habits)


def rules_for(edition_code: str, organization: Organization | None = None) -> RuleSet:
    """Return the rules of one edition at ``organization`` (none: of the university); one query."""
    return rulebook().rules(edition_code, organization.pk if organization else None)


def calendar() -> Calendar:
    """Return the calendar of every year that is kept; two queries."""
    days: dict[str, set] = {DayKind.HOLIDAY: set(), DayKind.WORKDAY: set()}
    for day, kind in CalendarDay.objects.values_list("day", "kind"):
        days[kind].add(day)
    announced = CalendarYear.objects.filter(is_announced=True).values_list("year", flat=True)
    return Calendar(frozenset(days[DayKind.HOLIDAY]), frozenset(days[DayKind.WORKDAY]), frozenset(announced))
