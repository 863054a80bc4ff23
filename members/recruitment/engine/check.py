"""Whether one record may be written into a case: everything that forbids it, each with its article."""

from collections.abc import Iterator
from datetime import date

from portal.rulesets.days import Calendar
from portal.rulesets.values import RuleSet

from .bans import refuse
from .content import faults
from .course import CARE_KINDS, Course, completing, dependents
from .details import DETAILS, PublicityFact
from .facts import CaseFacts, Fact
from .order import REPLACED, obstacles
from .people import Role
from .verdicts import Refusal

NOTICES = frozenset({"publicity", "publicity_result"})


def check_record(
    facts: CaseFacts, rules: RuleSet, calendar: Calendar, fact: Fact, on: date
) -> tuple[Refusal, ...]:
    """Return everything that forbids recording ``fact`` on day ``on``; an empty tuple means that it may be recorded."""
    if fact.step not in DETAILS or type(fact.details) not in DETAILS[fact.step]:
        known = fact.step if fact.step in DETAILS else "apply"
        return (refuse(rules, known, "unknown_step"),)
    course = Course.of(facts, rules, calendar, fact.on)
    return (*not_yet(rules, fact, on), *_backdated(facts, rules, fact), *examine(course, fact))


def examine(course: Course, fact: Fact) -> list[Refusal]:
    """Return what forbids ``fact`` after the records that ``course`` holds, without what a superior has lifted."""
    course.pass_to(fact.on)
    found = [
        *_capacity(course, fact),
        *_twice(course, fact),
        *obstacles(course, fact.step, fact.kind, fact.on),
        *faults(course, fact),
    ]
    lifted = lifted_rules(course.facts, fact.on)
    return [refusal for refusal in found if not (refusal.liftable and refusal.code in lifted)]


def lifted_rules(facts: CaseFacts, on: date) -> frozenset[str]:
    """Return the codes that a superior, not the candidate, has lifted by ``on``; each lifts the rule it names alone."""
    return frozenset(
        grant.rule
        for grant in facts.exceptions
        if grant.is_superior and grant.on <= on and grant.by != facts.person.key and grant.reason.strip()
    )


def not_yet(rules: RuleSet, fact: Fact, on: date) -> Iterator[Refusal]:
    """Yield the refusal for a record that names a day after ``on``."""
    days = [fact.on]
    if isinstance(fact.details, PublicityFact):
        days.append(fact.details.starts_on)
    else:
        days.extend(_days_in(fact.details))
    if late := [day for day in days if day > on]:
        yield refuse(rules, fact.step, "future", earliest=max(late), day=max(late))


def _days_in(details: object) -> Iterator[date]:
    for name in ("received_on", "recommended_on", "ends_on"):
        if day := getattr(details, name, None):
            yield day
    for letter in getattr(details, "letters", ()):
        yield from (day for day in (letter.sent_on, letter.replied_on) if day)


def _backdated(facts: CaseFacts, rules: RuleSet, fact: Fact) -> Iterator[Refusal]:
    """Refuse to slip a record under later ones that were decided without it."""
    if fact.kind in CARE_KINDS:
        return
    built = dependents(fact.step)
    is_change = fact.step in REPLACED
    for other in facts.records:
        if other.on <= fact.on or (is_change and other.kind in ("report", "inspection")):
            continue
        if other.step in built or _is_after(rules, fact, other):
            yield refuse(rules, fact.step, "later", day=other.on)
            return


def _is_after(rules: RuleSet, fact: Fact, other: Fact) -> bool:
    if other.step != fact.step:
        return False
    both = {fact.kind, other.kind}
    return completing(fact.step, rules) in both or both <= NOTICES


def _capacity(course: Course, fact: Fact) -> Iterator[Refusal]:
    is_own = fact.by == course.person.key
    if fact.role not in type(fact.details).recorders or (fact.role is Role.APPLICANT) != is_own:
        yield refuse(course.rules, fact.step, "own_case" if is_own else "role")
        return
    named = {Role.CONTACT: course.contacts, Role.SPONSOR: course.sponsors}.get(fact.role)
    if named is not None and fact.by not in {person.key for person in named}:
        yield refuse(course.rules, fact.step, "role")


def _twice(course: Course, fact: Fact) -> Iterator[Refusal]:
    if fact.kind not in CARE_KINDS:
        return
    for other in reversed(course.care.get((fact.step, fact.kind), ())):
        if other.on < fact.on:
            return
        if other.details == fact.details:
            yield refuse(course.rules, fact.step, "already", day=fact.on)
            return
