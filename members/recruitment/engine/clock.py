"""From when a record is lawful and by when it is due, as far as the course of the case tells."""

from collections.abc import Iterator
from datetime import date, timedelta

from portal.rulesets.days import Calendar, add_months, add_workdays, whole_months

from .course import CARE_STEPS, DAY, Course
from .details import ApplicationFact, BallotFact, Outcome, PublicityFact, Purpose
from .steps import STEPS

PURPOSES = {
    "consent_publicity": Purpose.TARGET,
    "congress": Purpose.ADMISSION,
    "convert_congress": Purpose.CONVERSION,
}


def publicity_workdays(course: Course, step: str) -> int:
    """Return how many working days the notice of ``step`` must hang; 0 where nobody asks for one."""
    rule = course.rules.get(f"publicity.{PURPOSES[step].value}")
    return rule.amount if rule else 0


def publicity_through(starts_on: date, workdays: int, calendar: Calendar) -> tuple[date, bool]:
    """Return the last day a notice put up on ``starts_on`` must hang, and whether the calendar is provisional."""
    return add_workdays(starts_on, workdays, calendar)


def needed_parts(course: Course, step: str, kind: str) -> Iterator[str]:
    """Yield the kinds of record of the same step that must come before one of ``kind``."""
    if kind == "publicity_result":
        yield "publicity"
    if step == "consent_publicity" and kind == "publicity":
        yield "consent"
    if step in ("propose_target", "convert_congress") and kind in ("review", "ballot"):
        yield "opinions"
    if kind != "ballot":
        return
    if publicity_workdays(course, step):
        yield "publicity_result"
    if step == "convert_congress" and course.has_committee:
        yield "review"


def earliest(course: Course, step: str, kind: str, on: date) -> date | None:
    """Return the first lawful day for a record, or ``None`` while what it waits for is not known."""
    before = [course.done.get(code) for code in STEPS[step].requires if code not in CARE_STEPS]
    before += [course.part(step, part) for part in needed_parts(course, step, kind)]
    known = [fact.on for fact in before if fact] if all(before) else []
    return max([*known, *_waits(course, step, kind, on)], default=None)


def _waits(course: Course, step: str, kind: str, on: date) -> Iterator[date]:
    rules = course.rules
    if step == "apply" and course.person.birth_date:
        yield add_months(course.person.birth_date, 12 * rules.amount("person.min_age"))
    if step == "nominate" and (applied := course.day_of("apply")):
        yield add_months(applied, rules.amount("nomination.after_application"))
    if step == "propose_target" and kind == "review" and (day := course.cultivated_on(on)):
        yield day
    if kind in ("publicity_result", "ballot") and (day := publicity_ends(course, step)):
        yield day + DAY
    if course.convert_on and step == "convert_apply":
        yield convert_apply_from(course.convert_on, course)
    if course.convert_on and step == "convert_congress" and kind == "ballot":
        yield course.convert_on


def convert_apply_from(convert_on: date, course: Course) -> date:
    """Return from when the university takes conversion applications."""
    return add_months(convert_on, -course.rules.amount("conversion.apply_from"))


def publicity_ends(course: Course, step: str) -> date | None:
    """Return the last day of the notice that counts in ``step``."""
    fact = course.part(step, "publicity")
    return fact.details.ends_on if fact and isinstance(fact.details, PublicityFact) else None


def due(course: Course, step: str) -> date | None:
    """Return the day by which ``step`` must be complete, or ``None`` where no term runs."""
    rules, day_of = course.rules, course.day_of
    if step == "talk" and (applied := course.done.get("apply")) and isinstance(applied.details, ApplicationFact):
        return add_months(applied.details.received_on, rules.amount("talk.after_application"))
    if step == "congress" and (day := day_of("pre_review")):
        return add_months(day, rules.amount("congress.after_pre_review"))
    if step == "superior_talk" and (day := day_of("congress")):
        return add_months(day, rules.amount("submission.after_congress"))
    if step == "approve" and (day := day_of("congress")):
        return add_months(day, rules.amount("approval.within"))
    if step == "oath" and (day := day_of("approve")) and "oath.within" in rules:
        return add_months(day, rules.amount("oath.within"))
    if step == "convert_apply" and course.convert_on:
        return course.convert_on - timedelta(days=rules.amount("conversion.apply_until"))
    if step == "convert_congress":
        return course.convert_on
    if step == "convert_approve" and (day := day_of("convert_congress")):
        return add_months(day, rules.amount("conversion.approval_within"))
    return None


# Which value carries the article of a term.
DUE_VALUES = {
    "talk": "talk.after_application",
    "congress": "congress.after_pre_review",
    "approve": "approval.within",
    "oath": "oath.within",
    "convert_approve": "conversion.approval_within",
}


def approval_hard(course: Course) -> date | None:
    """Return the last day of an approval in a special case; after it admission begins anew."""
    held = course.day_of("congress")
    return add_months(held, course.rules.amount("approval.hard")) if held else None


def valid_until(course: Course, step: str) -> date | None:
    """Return through when the political review or the training holds (local)."""
    held = course.day_of(step)
    value = {"political_review": "political_review.valid", "training": "training.valid"}.get(step)
    return add_months(held, course.rules.amount(value)) if held and value in course.rules and value else None


def inspections(course: Course, step: str, on: date) -> tuple[int, int, date | None]:
    """Return how many inspections are recorded, how many were due before ``on``, and when the next one is due.

    The first period begins with the activist's day, in probation with the approval (domain.md 4.4).
    """
    since, months = _inspected(course, step, on)
    if since is None:
        return 0, 0, None
    have = sum(1 for fact in course.care.get((step, "inspection"), ()) if fact.on >= since)
    need = max(whole_months(since, on - DAY), 0) // months
    return have, need, add_months(since, months * (have + 1))


def _inspected(course: Course, step: str, on: date) -> tuple[date | None, int]:
    if step == "cultivate":
        return course.cultivated_since(on), course.rules.amount("inspection.interval")
    return course.day_of("approve"), course.rules.amount("probation.inspection_interval")


def quarter_ends(since: date, on: date) -> Iterator[date]:
    """Yield the ends of the whole quarters from ``since`` on, the first after ``on`` being the last."""
    first = date(since.year, since.month - (since.month - 1) % 3, 1)
    start = first if first == since else add_months(first, 3)
    while True:
        end = add_months(start, 3) - DAY
        yield end
        if end > on:
            return
        start = end + DAY


def extension_months(course: Course) -> int:
    """Return the length of the extension the conversion congress resolved, else 0."""
    held = course.done.get("convert_congress")
    if held and isinstance(held.details, BallotFact) and held.details.outcome is Outcome.EXTENDED:
        return held.details.months
    return 0
