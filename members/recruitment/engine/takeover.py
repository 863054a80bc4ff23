"""What a file that was kept on paper proves when the portal takes it over in the middle of its way.

The past is what it was: a rule that was broken is shown and the case goes on, since people decide about it. Kept out is
only what cannot be true or has no effect in law: days to come or in the wrong order, votes that do not add up or do not
carry, a decision in the own case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.rulesets.days import Calendar
from portal.rulesets.values import RuleSet

from .bans import BANS, refuse
from .check import not_yet
from .course import CARE_KINDS, Course, dependents
from .details import DETAILS
from .evaluate import evaluate
from .facts import CaseFacts, Fact
from .steps import STEPS
from .verdicts import Finding, Gap, Position, Refusal

BARS = frozenset(
    {
        "future", "later", "own_case", "ended", "already", "past", "dates", "talker",
        "contacts_count", "contact_twice", "contact_self", "sponsors_count", "sponsor_twice", "sponsor_self",
        "publicity_running", "publicity_purpose", "publicity_blocked",
        "count_sums", "present_over_due", "returned_over_issued", "issued_over_present",
        "quorum", "majority", "committee_quorum", "committee_majority",
        "convert_early", "approval_void", "extension_again", "extension_length", "approval_differs",
        "outcome", "outcome_unknown",
    }
)  # fmt: skip
# A step that the file does not tell of: named as a gap, which says it better than the refusal of what came after.
HOLES = frozenset({"order", "review_missing", "training_missing"})
assert BANS.keys() >= BARS | HOLES


@dataclass(frozen=True, slots=True)
class Judged:
    """A file as the rules read it: what bars it, what is to be looked at, what it does not tell, which papers lack."""

    course: Course
    position: Position
    bars: tuple[Finding, ...]
    doubts: tuple[Finding, ...]
    holes: tuple[Gap, ...]
    papers: tuple[Gap, ...]


def judge(facts: CaseFacts, rules: RuleSet, calendar: Calendar, on: date) -> Judged:
    """Judge the records of a file as they would have been judged one by one on their days."""
    to_come = tuple(
        Finding(refusal.words, refusal.params, refusal.code, refusal.step, refusal.article, fact.on)
        for fact in facts.records
        for refusal in not_yet(rules, fact, on)
    )
    turned = tuple(
        Finding(refusal.words, refusal.params, refusal.code, refusal.step, refusal.article, fact.on)
        for fact in facts.records
        for refusal in _turned(facts, rules, fact)
    )
    position = evaluate(facts, rules, calendar, on)
    course = Course.of(facts, rules, calendar, on)
    bars = tuple(finding for finding in position.findings if finding.code in BARS)
    doubts = tuple(finding for finding in position.findings if finding.code not in BARS | HOLES)
    return Judged(course, position, (*to_come, *turned, *bars), doubts, holes_of(position), papers_lacking(position))


def _turned(facts: CaseFacts, rules: RuleSet, fact: Fact) -> Iterator[Refusal]:
    """Refuse a record that the file dates after what builds on it, where nothing of its kind came before."""
    if fact.kind in CARE_KINDS:
        return
    built, place = dependents(fact.step), _place(fact)
    for other in facts.records:
        if other.on >= fact.on:
            return
        if other.step == fact.step and other.kind == fact.kind:
            return  # this one only renews it
        is_after = other.step == fact.step and _place(other) > place
        if other.kind not in CARE_KINDS and (other.step in built or is_after):
            yield refuse(rules, fact.step, "later", day=other.on)
            return


def _place(fact: Fact) -> int:
    return [kind.kind for kind in DETAILS[fact.step]].index(fact.kind)


def holes_of(position: Position) -> tuple[Gap, ...]:
    """Return the records that are missing although later steps are done."""
    furthest = max((STEPS[code].number for code in position.done), default=0)
    return tuple(gap for gap in position.gaps if gap.code == "record" and STEPS[gap.step].number < furthest)


def papers_lacking(position: Position) -> tuple[Gap, ...]:
    """Return the papers of completed steps that are not in the file."""
    return tuple(gap for gap in position.gaps if gap.code == "paper")
