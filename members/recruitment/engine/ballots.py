"""What forbids a vote: numbers that are missing or do not add up, too few people, the wrong resolution."""

from collections.abc import Iterator
from typing import Any

from portal.rulesets.values import RuleSet

from . import arithmetic
from .bans import refuse
from .course import Course
from .details import BallotFact, Minutes, Outcome
from .facts import Fact
from .verdicts import Refusal

RESOLUTIONS = frozenset({Outcome.PASSED, Outcome.EXTENDED, Outcome.CANCELLED})


def minutes(rules: RuleSet, step: str, count: Minutes, outcome: Outcome) -> Iterator[Refusal]:
    """Yield what is wrong with the count of a committee's decision."""
    due, present, yes, no, abstain = count.due, count.present, count.yes, count.no, count.abstain
    if due is None or present is None or yes is None or no is None or abstain is None:
        yield refuse(rules, step, "count_missing")
        return
    if present > due:
        yield refuse(rules, step, "present_over_due", present=present, due=due)
    if yes + no + abstain != present or min(due, present, yes, no, abstain) < 0:
        yield refuse(rules, step, "count_sums", counted=yes + no + abstain, cast=present)
    yield from _carried(rules, step, arithmetic.committee(due, present, yes), outcome, "committee_")


def ballot(course: Course, fact: Fact, details: BallotFact) -> Iterator[Refusal]:
    """Yield what is wrong with a branch congress about one candidate (XZ26 19, 20, 31)."""
    yield from _form(course, fact, details)
    yield from _resolution(course, fact, details)
    yield from _count(course.rules, fact.step, details)


def _form(course: Course, fact: Fact, details: BallotFact) -> Iterator[Refusal]:
    rules, step, need = course.rules, fact.step, course.rules.amount("sponsors.count")
    if details.candidates != 1:
        yield refuse(rules, step, "several_candidates", count=details.candidates)
    if not details.is_secret:
        yield refuse(rules, step, "open_ballot")
    if not details.candidate_present:
        yield refuse(rules, step, "candidate_absent")
    if step == "congress" and details.sponsors_present < need:
        yield refuse(rules, step, "sponsors_absent", present=details.sponsors_present, need=need)


def _resolution(course: Course, fact: Fact, details: BallotFact) -> Iterator[Refusal]:
    rules, step = course.rules, fact.step
    if step == "congress" and details.outcome not in (Outcome.PASSED, Outcome.REJECTED):
        yield refuse(rules, step, "outcome_unknown")
    if details.outcome is not Outcome.EXTENDED:
        return
    if course.extensions >= rules.amount("extension.times"):
        yield refuse(rules, step, "extension_again")
    least, most = rules.amount("extension.min"), rules.amount("extension.max")
    if not least <= details.months <= most:
        yield refuse(rules, step, "extension_length", months=details.months, least=least, most=most)


def _count(rules: RuleSet, step: str, details: BallotFact) -> Iterator[Refusal]:
    due, present, issued, returned = details.due, details.present, details.issued, details.returned
    yes, no, abstain = details.yes, details.no, details.abstain
    if due is None or present is None or issued is None or returned is None:
        yield refuse(rules, step, "count_missing")
        return
    if yes is None or no is None or abstain is None:
        yield refuse(rules, step, "count_missing")
        return
    if present + details.written > due:
        yield refuse(rules, step, "present_over_due", present=present + details.written, due=due)
    if issued > present:
        yield refuse(rules, step, "issued_over_present", issued=issued, present=present)
    if returned > issued:
        yield refuse(rules, step, "returned_over_issued", returned=returned, issued=issued)
    counted, cast = yes + no + abstain + details.invalid, returned + details.written
    numbers = (due, present, issued, returned, yes, no, abstain, details.invalid, details.written)
    if counted != cast or min(numbers) < 0:
        yield refuse(rules, step, "count_sums", counted=counted, cast=cast)
    yield from _carried(rules, step, arithmetic.congress(due, present, yes, details.written), details.outcome)


def _carried(
    rules: RuleSet, step: str, verdict: arithmetic.Verdict, outcome: Outcome, body: str = ""
) -> Iterator[Refusal]:
    presence: dict[str, Any] = dict(verdict.presence.numbers)
    favor: dict[str, Any] = dict(verdict.favor.numbers)
    if not verdict.opens:
        yield refuse(rules, step, f"{body}quorum", **presence)
    elif outcome in RESOLUTIONS and not verdict.passes:
        yield refuse(rules, step, f"{body}majority", **favor)
    elif outcome is Outcome.REJECTED and verdict.passes:
        yield refuse(rules, step, "outcome")
