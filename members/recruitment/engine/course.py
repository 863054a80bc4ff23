"""The course of a case: its records folded in the order of their days into what counts.

A later record can take an earlier one out of account: a rejected congress calls for a new review, an admission without
approval within six months is void, an extension opens a second round of conversion. Each record is read once.
"""

from datetime import date, timedelta

from portal.rulesets.days import Calendar, add_months
from portal.rulesets.values import RuleSet

from .details import (
    DETAILS,
    BallotFact,
    ConsentFact,
    ContactsFact,
    Outcome,
    PublicityResultFact,
    SponsorsFact,
)
from .facts import CaseFacts, Fact
from .people import MoveFact, Named, Standing
from .steps import STEPS

DAY = timedelta(days=1)
CARE_KINDS = frozenset({"report", "contact_note", "inspection"})
CARE_STEPS = frozenset({"cultivate", "probation"})
ADMISSION = ("committee_review", "pre_review", "fill_form", "congress", "superior_talk")
CONVERSION = ("convert_apply", "convert_congress")
LISTING = ("propose_target", "consent_publicity")


class Course:
    """What counts of the records added so far.

    ``done`` holds the record that completes each step, ``parts`` the other records of steps that are under way,
    ``care`` the reports, notes and inspections of cultivation and of probation.
    """

    def __init__(self, facts: CaseFacts, rules: RuleSet, calendar: Calendar) -> None:
        self.facts, self.rules, self.calendar = facts, rules, calendar
        self.person, self.branch = facts.person, facts.branch
        self.done: dict[str, Fact] = {}
        self.parts: dict[tuple[str, str], Fact] = {}
        self.care: dict[tuple[str, str], list[Fact]] = {}
        self.lapsed: dict[str, Fact] = {}  # the steps of an admission that nobody approved in time
        self.day: date | None = None
        self.extensions = 0
        self.convert_on: date | None = None
        self.ended_on: date | None = None

    @classmethod
    def of(cls, facts: CaseFacts, rules: RuleSet, calendar: Calendar, on: date) -> "Course":
        """Return the course as the records through day ``on`` make it."""
        course = cls(facts, rules, calendar)
        for fact in facts.records:
            if fact.on <= on:
                course.add(fact)
        course.pass_to(on)
        return course

    def pass_to(self, on: date) -> None:
        """Let time pass to ``on``: an admission without approval becomes void after its last day."""
        self.day = on
        held = self.done.get("congress")
        if held and "approve" not in self.done and on > add_months(held.on, self.rules.amount("approval.hard")):
            self.lapsed = {step: self.done[step] for step in ADMISSION if step in self.done}
            self._drop(ADMISSION)

    def add(self, fact: Fact) -> None:
        """Take one more record into account; records come in the order of their days."""
        self.pass_to(fact.on)
        if fact.kind in CARE_KINDS:
            self.care.setdefault((fact.step, fact.kind), []).append(fact)
        elif fact.kind != completing(fact.step, self.rules):
            self._take_part(fact)
        elif (outcome := outcome_of(fact)) is Outcome.REJECTED:
            self._drop(_REJECTED.get(fact.step, (fact.step,)))
        elif _is_blocked(fact):
            self._drop(LISTING)
        elif fact.step == "convert_approve" and outcome is Outcome.EXTENDED:
            self._extend()
        else:
            self._complete(fact, outcome)

    def _take_part(self, fact: Fact) -> None:
        if outcome_of(fact) is Outcome.REJECTED or (fact.step == "consent_publicity" and _is_blocked(fact)):
            self._drop(_REJECTED[fact.step])
            return
        self.parts[fact.step, fact.kind] = fact
        if fact.kind == "publicity":
            self.parts.pop((fact.step, "publicity_result"), None)

    def _complete(self, fact: Fact, outcome: Outcome | None) -> None:
        self.done[fact.step] = fact
        if fact.step == "approve":
            for step, earlier in self.lapsed.items():  # approved all the same: a finding, but the case went on
                self.done.setdefault(step, earlier)
            held = self.done.get("congress")
            self.convert_on = add_months(held.on, self.rules.amount("probation.months")) if held else None
        elif fact.step == "congress":
            self.lapsed = {}
        elif fact.step == "archive" or (fact.step == "convert_approve" and outcome is Outcome.CANCELLED):
            self.ended_on = fact.on

    def _extend(self) -> None:
        held = self.done.get("convert_congress")
        months = held.details.months if held and isinstance(held.details, BallotFact) else 0
        self.extensions += 1
        if self.convert_on:
            self.convert_on = add_months(self.convert_on, months)
        self._drop(CONVERSION)

    def _drop(self, steps: tuple[str, ...]) -> None:
        for step in steps:
            self.done.pop(step, None)
        for key in [key for key in self.parts if key[0] in steps]:
            del self.parts[key]

    # What the days of the records amount to

    def day_of(self, step: str) -> date | None:
        """Return the day on which ``step`` was completed, or ``None``."""
        fact = self.done.get(step)
        return fact.on if fact else None

    def part(self, step: str, kind: str) -> Fact | None:
        """Return the record of ``kind`` that counts in ``step``, completing or not."""
        done = self.done.get(step)
        return done if done and done.kind == kind else self.parts.get((step, kind))

    @property
    def has_committee(self) -> bool:
        """Say whether the branch has a committee on the day that time has come to."""
        return self.branch.has_committee if self.day is None else self.branch.has_committee_on(self.day)

    @property
    def activist_on(self) -> date | None:
        """Return the day the person became an activist: the decision's, or the filing's where it is set so."""
        rule = self.rules.get("activist_date.basis")
        return self.day_of("file_activist" if rule and rule.choice == "filing" else "nominate")

    def cultivated_since(self, on: date) -> date | None:
        """Return from when cultivation counts: a change of unit without its material starts it anew (XZ14 12)."""
        since = self.activist_on
        for move in self.facts.moves:
            if since and _breaks(move, since, on):
                since = move.on
        return since

    def cultivated_on(self, on: date) -> date | None:
        """Return the first day on which the person has been cultivated long enough."""
        since = self.cultivated_since(on)
        return add_months(since, self.rules.amount("cultivation.min")) if since else None

    @property
    def listed_on(self) -> date | None:
        """Return the day the person was listed as a development target."""
        return self.day_of("consent_publicity")

    @property
    def standing(self) -> tuple[Standing, date | None]:
        """Return the standing and since when it counts, as far as it was decided by now."""
        if (fact := self.done.get("convert_approve")) and outcome_of(fact) is Outcome.PASSED:
            return Standing.FULL_MEMBER, self.convert_on
        if self.ended_on and "archive" not in self.done:
            return Standing.MASS, self.ended_on
        if "approve" in self.done:
            return Standing.PROBATIONARY, self.day_of("congress")
        if self.listed_on:
            return Standing.DEVELOPMENT_TARGET, self.listed_on
        if self.activist_on:
            return Standing.ACTIVIST, self.activist_on
        applied = self.day_of("apply")
        return (Standing.APPLICANT, applied) if applied else (Standing.MASS, None)

    @property
    def contacts(self) -> tuple[Named, ...]:
        fact = self.done.get("assign_contacts")
        return fact.details.contacts if fact and isinstance(fact.details, ContactsFact) else ()

    @property
    def sponsors(self) -> tuple[Named, ...]:
        fact = self.done.get("sponsors")
        return fact.details.sponsors if fact and isinstance(fact.details, SponsorsFact) else ()

    def is_complete(self, step: str, on: date) -> bool:
        """Say whether ``step`` is complete on ``on``; cultivation and probation are complete by their time."""
        if step == "cultivate":
            day = self.cultivated_on(on)
            return "propose_target" in self.done or (day is not None and day <= on)
        if step == "probation":
            return "convert_congress" in self.done or (self.convert_on is not None and self.convert_on <= on)
        return step in self.done

    def reports(self, step: str) -> list[Fact]:
        return self.care.get((step, "report"), [])


# What a rejection takes with it: the branch begins again where the law makes it begin.
_REJECTED = {
    "propose_target": LISTING,
    "consent_publicity": LISTING,
    "pre_review": ("committee_review", "pre_review", "fill_form"),
    "congress": ADMISSION,
    "approve": ADMISSION,
    "convert_congress": ("convert_congress",),
    "convert_approve": ("convert_congress",),
}
_DEPENDENTS: dict[str, frozenset[str]] = {}


def dependents(step: str) -> frozenset[str]:
    """Return every step that builds on ``step``, directly or not."""
    if step not in _DEPENDENTS:
        direct = {other.code for other in STEPS.values() if step in other.requires}
        _DEPENDENTS[step] = frozenset(direct.union(*(dependents(code) for code in direct)))
    return _DEPENDENTS[step]


def completing(step: str, rules: RuleSet) -> str:
    """Return the kind of record that completes ``step``; under the edition of 2014 a target is only filed above."""
    if step == "consent_publicity" and "publicity.target" not in rules:
        return ConsentFact.kind
    return DETAILS[step][-1].kind


def outcome_of(fact: Fact) -> Outcome | None:
    """Return how a body decided in ``fact``; ``None`` for a record that decides nothing."""
    return getattr(fact.details, "outcome", None)


def _is_blocked(fact: Fact) -> bool:
    return isinstance(fact.details, PublicityResultFact) and fact.details.is_blocking


def _breaks(move: MoveFact, since: date, on: date) -> bool:
    return not move.is_handed_over and since < move.on <= on

