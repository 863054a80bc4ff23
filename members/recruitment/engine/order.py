"""What forbids a kind of record on a day before anything is known of its content: order, rounds and days."""

from collections.abc import Iterator
from datetime import date

from portal.rulesets.days import add_months

from . import clock
from .bans import refuse
from .course import CARE_STEPS, DAY, Course, completing
from .details import KINDS, PublicityResultFact
from .steps import STEPS
from .verdicts import Refusal
from .vocabulary import KIND_LABELS

# Steps whose people may be replaced by a later record.
REPLACED = frozenset({"assign_contacts", "sponsors"})
# Steps that may come again although they are complete.
REPEATED = REPLACED | {"political_review", "training", "pre_review"}
CARE_ENDS = {"cultivate": "approve", "probation": "convert_approve", "assign_contacts": "approve"}


def obstacles(course: Course, step: str, kind: str, on: date) -> list[Refusal]:
    """Return every rule that forbids a record of ``kind`` in ``step`` on day ``on``, exceptions not yet counted."""
    if course.ended_on:
        return [refuse(course.rules, step, "ended")]
    if found := [*_rounds(course, step, kind, on)]:
        return found
    return [*_steps_before(course, step, kind), *_parts_before(course, step, kind), *_days(course, step, kind, on)]


def _rounds(course: Course, step: str, kind: str, on: date) -> Iterator[Refusal]:
    """Refuse what is recorded already, or what the person has grown out of."""
    end = CARE_ENDS.get(step)
    if end and end in course.done:
        yield refuse(course.rules, step, "past")
    if step in CARE_STEPS or step in REPLACED:
        return
    fact = course.done.get(step) or course.parts.get((step, kind))
    if fact and not _opens_again(course, step, kind, on):
        yield refuse(course.rules, step, "already", day=fact.on)


def _opens_again(course: Course, step: str, kind: str, on: date) -> bool:
    until = clock.valid_until(course, step)
    if until:
        return on > until and "congress" not in course.done
    if step == "pre_review":
        due = clock.due(course, "congress")
        return "congress" not in course.done and due is not None and on > due
    if kind == "publicity" and step not in course.done:
        result = course.part(step, "publicity_result")
        return result is not None and isinstance(result.details, PublicityResultFact) and result.details.is_blocking
    return False


def _steps_before(course: Course, step: str, kind: str) -> Iterator[Refusal]:
    for code in STEPS[step].requires:
        if code in CARE_STEPS or code in course.done:
            continue  # those two are complete by their time, see ``_days``
        if code in ("congress", "superior_talk") and course.lapsed:
            yield refuse(course.rules, step, "approval_void", hard=_hard(course))
        elif code == "training":
            yield refuse(course.rules, step, "training_missing")
        elif code == "political_review":
            yield refuse(course.rules, step, "review_missing")
        else:
            yield refuse(course.rules, step, "order", before=STEPS[code].label)


def _hard(course: Course) -> date:
    return add_months(course.lapsed["congress"].on, course.rules.amount("approval.hard"))


def _parts_before(course: Course, step: str, kind: str) -> Iterator[Refusal]:
    for part in clock.needed_parts(course, step, kind):
        record = course.part(step, part)
        if record is None and part == "publicity_result" and kind == "ballot":
            yield refuse(course.rules, step, "publicity_missing")
        elif record is None:
            yield refuse(course.rules, step, "part", part=KIND_LABELS[KINDS[part].kind])
        elif isinstance(record.details, PublicityResultFact) and record.details.is_blocking:
            yield refuse(course.rules, step, "publicity_blocked")


def _days(course: Course, step: str, kind: str, on: date) -> Iterator[Refusal]:
    check = _BY_STEP.get(step)
    if check and kind == completing(step, course.rules):
        yield from check(course, step, on)
    ends = clock.publicity_ends(course, step) if kind == "publicity_result" else None
    if ends and on <= ends:
        yield refuse(course.rules, step, "publicity_running", earliest=ends + DAY, day=ends)


def _application(course: Course, step: str, on: date) -> Iterator[Refusal]:
    years, born, bar = course.rules.amount("person.min_age"), course.person.birth_date, course.person.barred_until
    day = add_months(born, 12 * years) if born else None
    if day and on < day:
        yield refuse(course.rules, step, "age", earliest=day, years=years, day=on)
    if bar and on < bar:
        yield refuse(course.rules, step, "rejoin_bar", earliest=bar, day=bar)


def _nomination(course: Course, step: str, on: date) -> Iterator[Refusal]:
    months, day = course.rules.amount("nomination.after_application"), clock.earliest(course, step, "nomination", on)
    if months and day and on < day:
        yield refuse(course.rules, step, "nominate_early", earliest=day, months=months, day=day)


def _target(course: Course, step: str, on: date) -> Iterator[Refusal]:
    if course.branch.is_temporary:
        yield refuse(course.rules, step, "temporary_branch")
    day = course.cultivated_on(on)
    if day is None:
        yield refuse(course.rules, step, "order", before=STEPS["nominate"].label)
    elif on < day:
        since, months = course.cultivated_since(on), course.rules.amount("cultivation.min")
        yield refuse(course.rules, step, "cultivation_short", earliest=day, since=since, months=months, day=day)
    yield from _inspected(course, step, "cultivate", on)


def _inspected(course: Course, step: str, care: str, on: date) -> Iterator[Refusal]:
    have, need, _next = clock.inspections(course, care, on)
    if have < need:
        yield refuse(course.rules, step, "inspections", have=have, need=need)


def _review(course: Course, step: str, on: date) -> Iterator[Refusal]:
    for code, ban in (("political_review", "review_expired"), ("training", "training_expired")):
        until = clock.valid_until(course, code)
        if until and on > until:
            yield refuse(course.rules, step, ban, day=course.day_of(code), until=until)


def leaving(course: Course, step: str, on: date) -> Iterator[Refusal]:
    """Yield the refusal for somebody who leaves too soon after ``on``."""
    months, leaves = course.rules.amount("leaves_soon.within"), course.person.leaves_on
    if leaves and leaves < add_months(on, months):
        yield refuse(course.rules, step, "leaves_soon", leaves=leaves, months=months, day=on)


def _pre_review(course: Course, step: str, on: date) -> Iterator[Refusal]:
    yield from _review(course, step, on)
    yield from leaving(course, step, on)


def _congress(course: Course, step: str, on: date) -> Iterator[Refusal]:
    if course.branch.is_temporary:
        yield refuse(course.rules, step, "temporary_branch")
    yield from _pre_review(course, step, on)
    due = clock.due(course, step)
    if due and on > due:
        yield refuse(course.rules, step, "congress_late", since=course.day_of("pre_review"), due=due)


def _conversion(course: Course, step: str, on: date) -> Iterator[Refusal]:
    day = course.convert_on
    if day and on < day:
        yield refuse(course.rules, step, "convert_early", earliest=day, last=day - DAY, day=day)
    yield from _inspected(course, step, "probation", on)


def _conversion_application(course: Course, step: str, on: date) -> Iterator[Refusal]:
    day = clock.convert_apply_from(course.convert_on, course) if course.convert_on else None
    if day and on < day:
        yield refuse(course.rules, step, "convert_apply_early", earliest=day, day=day)


_BY_STEP = {
    "apply": _application,
    "nominate": _nomination,
    "propose_target": _target,
    "committee_review": _review,
    "pre_review": _pre_review,
    "congress": _congress,
    "convert_apply": _conversion_application,
    "convert_congress": _conversion,
}
