"""The figures that lists show of a case, reckoned from its records in the same transaction that changes them."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from portal.rulesets.days import Calendar
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook
from portal.rulesets.values import RuleSet

from ..engine.evaluate import evaluate
from ..engine.facts import CaseFacts
from ..engine.people import Role
from ..engine.verdicts import Position
from ..models import Case, CaseState
from ..queries.facts import facts_of

# Who is waited for, by the column that says so; notes and reports of contacts and sponsors are custom.
WAITS: dict[str, frozenset[Role]] = {
    "waits_for_applicant": frozenset({Role.APPLICANT}),
    "waits_for_branch": frozenset({Role.BRANCH, Role.COMMITTEE, Role.CONGRESS}),
    "waits_for_superior": frozenset({Role.SUPERIOR, Role.UPPER}),
    "waits_for_school": frozenset({Role.TRAINER}),
}
FIELDS = (
    "stage", "standing", "current_step", "next_due", "overdue_since", "gap_count", "ready_on", "probation_ends_on",
    *WAITS, "settled_on",
)  # fmt: skip
CHUNK = 200


def position_of(facts: CaseFacts, rules: RuleSet, calendar: Calendar, on: date) -> Position:
    """Return where the case stands, without the findings of its file, which no list shows."""
    return evaluate(facts, rules, calendar, on, with_findings=False)


def settle(case: Case, position: Position, *, on: date) -> bool:
    """Set the figures of ``case`` in memory to those of ``position`` and say whether one of them changed."""
    binding = [gap for gap in position.gaps if not gap.is_advice]
    days = [position.due, *(gap.due for gap in binding), *(permitted.due for permitted in position.may)]
    before = [getattr(case, name) for name in FIELDS[:-1]]
    case.stage, case.standing = position.stage.value, position.standing.value
    case.current_step = position.step or ""
    case.next_due = min((day for day in days if day), default=None)
    case.overdue_since = position.overdue_since
    case.gap_count = len(binding)
    case.ready_on, case.probation_ends_on = position.ready_on, position.probation_ends_on
    for name, roles in WAITS.items():
        setattr(case, name, bool(position.waits_for & roles))
    if case.state == CaseState.CLOSED:
        rest(case)
    case.settled_on = on
    return before != [getattr(case, name) for name in FIELDS[:-1]]


def rest(case: Case) -> None:
    """Let a closed case wait for nothing and nobody, in memory."""
    case.next_due = case.overdue_since = case.ready_on = case.probation_ends_on = None
    for name in WAITS:
        setattr(case, name, False)


def settle_all(*, on: date) -> int:
    """Reckon every open case as of ``on`` and return how many changed; running it again the same day does nothing."""
    waiting = Case.objects.open().filter(Q(settled_on=None) | Q(settled_on__lt=on))
    changed = 0
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        changed += _settle_chunk(keys[start : start + CHUNK], on)
    return changed


@transaction.atomic
def _settle_chunk(keys: Iterable[int], on: date) -> int:
    cases = list(Case.objects.select_for_update(of=("self",)).open().filter(pk__in=list(keys)).order_by("pk"))
    book, calendar, facts = rulebook(), kept_calendar(), facts_of(cases)
    changed = 0
    for case in cases:
        rules = book.rules(case.edition, case.organization_id)
        changed += settle(case, position_of(facts[case.pk], rules, calendar, on), on=on)
    Case.objects.bulk_update(cases, FIELDS)
    return changed
