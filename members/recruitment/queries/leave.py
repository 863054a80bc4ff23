"""Whether a record may be made now, for the page that asks for it: on this day, on an earlier one, or not yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.rulesets.days import Calendar
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook
from portal.rulesets.values import RuleSet

from ..engine import clock
from ..engine.bans import article_of
from ..engine.check import lifted_rules
from ..engine.course import Course, completing
from ..engine.details import DETAILS
from ..engine.facts import CaseFacts
from ..engine.order import leaving, obstacles
from ..engine.verdicts import Refusal
from ..models import Case
from .facts import known_of

# What the passing of time alone has brought: a record of an earlier day may still be lawful.
LAPSING = frozenset(
    {"congress_late", "review_expired", "training_expired", "leaves_soon", "inspections", "approval_void"}
)


@dataclass(frozen=True, slots=True)
class Leave:
    """What the rules say of one kind of record in one case on a day.

    ``reasons`` forbid it on every day up to now; ``warnings`` only ask for care, or forbid it on this day but not on
    the day it happened. ``earliest`` is known where only time stands in the way.
    """

    course: Course
    step: str
    kind: str
    article: str
    earliest: date | None
    due: date | None
    reasons: tuple[Refusal, ...] = ()
    warnings: tuple[Refusal, ...] = ()

    @property
    def is_given(self) -> bool:
        return not self.reasons

    @property
    def liftable(self) -> tuple[Refusal, ...]:
        """Return the reasons that the superior may lift in this case."""
        return tuple(reason for reason in self.reasons if reason.liftable)


def leave_of(facts: CaseFacts, rules: RuleSet, calendar: Calendar, step: str, kind: str, on: date) -> Leave:
    """Return whether ``kind`` may be recorded in ``step`` of a case on day ``on``."""
    course, lifted = Course.of(facts, rules, calendar, on), lifted_rules(facts, on)
    found = obstacles(course, step, kind, on)
    binding = tuple(reason for reason in found if not (reason.liftable and reason.code in lifted))
    passed = tuple(reason for reason in found if reason not in binding)
    if step == "committee_review":
        passed = (*passed, *leaving(course, step, on))
    is_late = all(reason.code in LAPSING for reason in binding)
    is_last = kind == completing(step, rules)
    return Leave(
        course=course,
        step=step,
        kind=kind,
        article=article_of(rules, step, value=clock.DUE_VALUES.get(step, "") if is_last else ""),
        earliest=_earliest(binding) if binding else clock.earliest(course, step, kind, on),
        due=clock.due(course, step) if is_last else None,
        reasons=() if is_late else binding,
        warnings=(*passed, *(binding if is_late else ())),
    )


def _earliest(reasons: Iterable[Refusal]) -> date | None:
    return max((reason.earliest for reason in reasons if reason.earliest), default=None)


def leaves_of(cases: Iterable[Case], step: str, kind: str, on: date) -> dict[int, Leave]:
    """Return the leave for each case, by its key; a constant number of statements."""
    cases = list(cases)
    book, calendar, known = rulebook(), kept_calendar(), known_of(cases)
    return {
        case.pk: leave_of(
            known.facts[case.pk], book.rules(case.edition, case.organization_id), calendar, step, kind, on
        )
        for case in cases
    }


def is_known(step: str, kind: str) -> bool:
    """Say whether a step takes this kind of record."""
    return step in DETAILS and any(details.kind == kind for details in DETAILS[step])
