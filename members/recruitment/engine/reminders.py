"""What will be due in one case, whom to tell and when (domain.md 3.7).

A reminder goes out at each of its leads, on the day itself, then weekly while it is late, one level higher from the
seventh day on. Each time has a key that depends on the data alone: posting it twice, or a day late, adds nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.rulesets.days import Calendar, add_months
from portal.rulesets.values import RuleSet

from . import clock
from .bans import article_of
from .check import lifted_rules
from .course import DAY, Course
from .details import PublicityFact
from .facts import CaseFacts
from .gaps import care_step, is_settled, missing_notes, missing_quarters
from .people import Role

WEEK = timedelta(days=7)
_R = Role
_OFFICERS = (_R.BRANCH,)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time to send a reminder; ``level`` counts how many nodes above the recipients are told as well."""

    key: str
    on: date
    level: int = 0


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that is due in a case. ``leads`` are days before ``due_on``, negative ones after it."""

    key: str
    step: str
    due_on: date
    leads: tuple[int, ...]
    recipients: tuple[Role, ...]
    escalates: bool = True
    article: str = ""

    def occasions(self, since: date, until: date) -> tuple[Occasion, ...]:
        """Return every time to send from ``since`` through ``until``, both included."""
        return tuple(time for time in self._all(until) if since <= time.on <= until)

    def latest(self, on: date) -> Occasion | None:
        """Return the last time to send up to ``on``; a run that comes late still sends that one, and only that."""
        return max(self._all(on), key=lambda time: time.on, default=None)

    def _all(self, until: date) -> Iterator[Occasion]:
        for lead in sorted({*self.leads, 0}, reverse=True):
            day = self.due_on - timedelta(days=lead)
            if day <= until:
                yield self._occasion(day, 1 if day - self.due_on >= WEEK and self.escalates else 0)
        day = self.due_on + WEEK
        while self.escalates and day <= until:
            if (self.due_on - day).days not in self.leads:
                yield self._occasion(day, 1)
            day += WEEK

    def _occasion(self, day: date, level: int) -> Occasion:
        return Occasion(f"{self.key}:{self.due_on.isoformat()}:{(day - self.due_on).days}", day, level)


def reminders(facts: CaseFacts, rules: RuleSet, calendar: Calendar, on: date) -> tuple[Reminder, ...]:
    """Return what is due in a case as it stands on ``on``, the earliest first; the sent ones are kept elsewhere."""
    course = Course.of(facts, rules, calendar, on)
    if course.ended_on:
        return ()
    lifted = lifted_rules(facts, on)
    found = [*_terms(course, on), *_care(course, on), *_target(course, lifted, on), *_conversion(course, on)]
    found.sort(key=lambda reminder: (reminder.due_on, reminder.key))
    return tuple(replace(reminder, article=_article(reminder, rules)) for reminder in found)


def _article(reminder: Reminder, rules: RuleSet) -> str:
    """Return the article that the term rests on, ``""`` for a custom."""
    if reminder.key in _CUSTOMS:
        return ""
    return article_of(rules, reminder.step, value=_VALUES.get(reminder.key, ""))


# No national text sets these terms; the university does.
_CUSTOMS = frozenset({"contact_note_due", "thought_report_due", "political_review_expiring"})
# Which value carries the article of a reminder, where it is not that of its step.
_VALUES = {
    "talk_due": "talk.after_application",
    "half_year_inspection_due": "inspection.interval",
    "probation_inspection_due": "probation.inspection_interval",
    "cultivation_one_year": "cultivation.min",
    "congress_due": "congress.after_pre_review",
    "leaves_soon": "leaves_soon.within",
    "approval_due": "approval.within",
    "oath_due": "oath.within",
    "conversion_apply": "conversion.apply_until",
    "conversion_approval_due": "conversion.approval_within",
    "extension_end": "extension.max",
}
# Step: key, leads, recipients.
_TERMS: dict[str, tuple[str, tuple[int, ...], tuple[Role, ...]]] = {
    "talk": ("talk_due", (14, 7, 1), _OFFICERS),
    "congress": ("congress_due", (14, 7, 1), _OFFICERS),
    "oath": ("oath_due", (14, 3), (_R.SUPERIOR, _R.BRANCH)),
    "convert_approve": ("conversion_approval_due", (30, 7), (_R.SUPERIOR,)),
}


def _terms(course: Course, on: date) -> Iterator[Reminder]:
    for step, (key, leads, recipients) in _TERMS.items():
        due = clock.due(course, step)
        if due and step not in course.done:
            yield Reminder(key, step, due, leads, recipients)
    due, hard = clock.due(course, "approve"), clock.approval_hard(course)
    if due and hard and "approve" not in course.done:
        # A last word half a month before admission becomes void.
        last = (due - (add_months(hard, -1) + timedelta(days=15))).days
        yield Reminder("approval_due", "approve", due, (30, 7, last), (_R.SUPERIOR,))


def _care(course: Course, on: date) -> Iterator[Reminder]:
    step = care_step(course)
    if step is None or "convert_congress" in course.done:
        return
    is_probation = step == "probation"
    carer = _R.SPONSOR if is_probation else _R.CONTACT
    _have, _need, due = clock.inspections(course, step, on)
    if due:
        key = "probation_inspection_due" if is_probation else "half_year_inspection_due"
        yield Reminder(key, step, due, (14,) if is_probation else (30, 7), (_R.BRANCH, carer))
    if note := next(iter(missing_notes(course, step, on)), None):
        yield Reminder("contact_note_due", step, note, (14, 3), (carer,))
    for _year, _quarter, end in missing_quarters(course, step, on):
        yield Reminder("thought_report_due", step, end, (14, 3), (_R.APPLICANT,))


def _target(course: Course, lifted: frozenset[str], on: date) -> Iterator[Reminder]:
    ready = course.cultivated_on(on)
    if ready and "propose_target" not in course.done:
        # Never to the person: being eligible is not being approved.
        yield Reminder("cultivation_one_year", "propose_target", ready, (30,), _OFFICERS, escalates=False)
    if "congress" in course.done:
        yield from _notice(course, "convert_congress")
        return
    yield from _notice(course, "consent_publicity")
    yield from _notice(course, "congress")
    until = clock.valid_until(course, "political_review")
    if until:
        yield Reminder("political_review_expiring", "political_review", until, (60, 30), _OFFICERS, escalates=False)
    prepared = all(step in course.done for step in ("sponsors", "political_review"))
    if prepared and not is_settled(course, "training", lifted, on):
        day = max(course.done[step].on for step in ("sponsors", "political_review"))
        yield Reminder("training_missing", "training", day, (), (_R.TRAINER, _R.BRANCH), escalates=False)
    yield from _leaving(course)


def _leaving(course: Course) -> Iterator[Reminder]:
    leaves = course.person.leaves_on
    if leaves and course.listed_on:
        last = add_months(leaves, -course.rules.amount("leaves_soon.within"))
        yield Reminder("leaves_soon", "congress", last, (30,), (_R.BRANCH, _R.SUPERIOR), escalates=False)


def _notice(course: Course, step: str) -> Iterator[Reminder]:
    fact = course.parts.get((step, "publicity"))
    if fact is None or not isinstance(fact.details, PublicityFact) or (step, "publicity_result") in course.parts:
        return
    if step in course.done:
        return
    yield Reminder("publicity_running", step, fact.details.starts_on, (), _OFFICERS, escalates=False)
    yield Reminder("publicity_ended", step, fact.details.ends_on + DAY, (), _OFFICERS)


def _conversion(course: Course, on: date) -> Iterator[Reminder]:
    ends = course.convert_on
    if ends is None or "convert_congress" in course.done:
        return
    if "convert_apply" not in course.done:
        people = (_R.APPLICANT, _R.SPONSOR, _R.BRANCH)
        yield Reminder("conversion_apply", "convert_apply", ends, (60, 30, 7), people)
    yield Reminder("conversion_congress_due", "convert_congress", ends, (14,), _OFFICERS)
    if course.extensions:
        yield Reminder("extension_end", "probation", ends, (30,), (_R.APPLICANT, _R.BRANCH), escalates=False)
