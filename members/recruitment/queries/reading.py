"""One case as the engine reads it on a day: what the page of a case and the form of a record are drawn from."""

from dataclasses import dataclass
from datetime import date

from portal.rulesets.days import Calendar
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook
from portal.rulesets.values import RuleSet

from ..engine.course import Course
from ..engine.evaluate import evaluate
from ..engine.facts import CaseFacts
from ..engine.verdicts import Permitted, Position, Refused
from ..models import Case
from .facts import facts_of


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of a case, the rules of its edition, and the position that follows from both on a day."""

    facts: CaseFacts
    rules: RuleSet
    calendar: Calendar
    position: Position
    on: date

    def course(self) -> Course:
        """Return what counts of the records so far."""
        return Course.of(self.facts, self.rules, self.calendar, self.on)

    def permitted(self, step: str, kind: str) -> Permitted | None:
        """Return the leave to record ``kind`` in ``step``, or ``None`` where something forbids it."""
        return next((item for item in self.position.may if (item.step, item.kind) == (step, kind)), None)

    def refused(self, step: str, kind: str) -> Refused | None:
        """Return why ``kind`` may not be recorded in ``step``; ``None`` as well for what lies behind."""
        return next((item for item in self.position.may_not if (item.step, item.kind) == (step, kind)), None)


def reading_of(case: Case, on: date) -> Reading:
    """Return how ``case`` stands on day ``on``, with the findings of its file; a constant number of statements."""
    facts = facts_of([case])[case.pk]
    rules, calendar = rulebook().rules(case.edition, case.organization_id), kept_calendar()
    return Reading(facts, rules, calendar, evaluate(facts, rules, calendar, on), on)
