"""Where a case stands on a day, what it lacks, what may be recorded now and what may not, and why."""

from datetime import date

from portal.rulesets.days import Calendar
from portal.rulesets.values import RuleSet

from . import clock
from .bans import article_of
from .check import lifted_rules
from .course import CARE_STEPS, Course, completing
from .details import DETAILS
from .dossier import findings_of, replay
from .facts import CaseFacts
from .gaps import actor_of, care_step, current, gaps_of, papers_of
from .order import REPEATED, leaving, obstacles
from .steps import Stage, steps_of
from .verdicts import Permitted, Position, Refusal, Refused

_SILENT = frozenset({"already", "past", "ended"})


def evaluate(
    facts: CaseFacts, rules: RuleSet, calendar: Calendar, on: date, *, with_findings: bool = True
) -> Position:
    """Return the position of a case at the end of day ``on``; what was recorded for later days is not looked at."""
    facts = facts.until(on)
    if with_findings:
        course, refused = replay(facts, rules, calendar)
        course.pass_to(on)
        findings = findings_of(facts, course, refused)
    else:
        course, findings = Course.of(facts, rules, calendar, on), ()
    lifted = lifted_rules(facts, on)
    here = current(course, lifted, on)
    may, may_not = permissions(course, lifted, on)
    standing, since = course.standing
    return Position(
        stage=here.stage if here else Stage.PROBATION,
        step=here.code if here else None,
        standing=standing,
        standing_since=since,
        done=tuple(course.done),
        gaps=tuple(gaps_of(course, papers_of(facts), lifted, on)),
        may=may,
        may_not=may_not,
        findings=findings,
        earliest=_earliest(course, here.code, on) if here else None,
        due=_due(course, here.code, on) if here else None,
        is_ended=course.ended_on is not None,
        ready_on=_ready_on(course, on),
        probation_ends_on=None if course.ended_on or "convert_approve" in course.done else course.convert_on,
    )


def permissions(
    course: Course, lifted: frozenset[str], on: date
) -> tuple[tuple[Permitted, ...], tuple[Refused, ...]]:
    """Return which kinds of record may be written on ``on`` and which may not; what is done is in neither."""
    may: list[Permitted] = []
    may_not: list[Refused] = []
    if course.ended_on:
        return (), ()
    for step in steps_of(course.rules.edition.code):
        if step.code in course.done and step.code not in REPEATED:
            continue
        for kind in _open_kinds(course, step.code):
            reasons = obstacles(course, step.code, kind, on)
            binding = tuple(reason for reason in reasons if not (reason.liftable and reason.code in lifted))
            if not binding:
                may.append(_permitted(course, step.code, kind, on, reasons))
            elif binding[0].code not in _SILENT:
                article = article_of(course.rules, step.code)
                may_not.append(Refused(step.code, kind, article, binding, _when(binding)))
    return tuple(may), tuple(may_not)


def _open_kinds(course: Course, step: str) -> list[str]:
    """Return the kinds of a step worth a look: those it asks for, unless the step lies behind."""
    kinds = [details.kind for details in DETAILS[step]]
    if step in clock.PURPOSES and not clock.publicity_workdays(course, step):
        kinds = [kind for kind in kinds if not kind.startswith("publicity")]
    if step == "convert_congress" and not course.has_committee:
        kinds.remove("review")
    return kinds


def _permitted(course: Course, step: str, kind: str, on: date, lifted: list[Refusal]) -> Permitted:
    warnings = [*lifted, *(leaving(course, step, on) if step == "committee_review" else ())]
    is_last = kind == completing(step, course.rules)
    due = clock.inspections(course, step, on)[2] if kind == "inspection" else None
    return Permitted(
        step,
        kind,
        actor_of(course, step, kind),
        clock.earliest(course, step, kind, on),
        clock.due(course, step) if is_last and step not in CARE_STEPS else due,
        tuple(warnings),
    )


def _when(reasons: tuple[Refusal, ...]) -> date | None:
    days = [reason.earliest for reason in reasons]
    return max(day for day in days if day) if all(days) else None


def _earliest(course: Course, step: str, on: date) -> date | None:
    if step == "cultivate":
        return course.cultivated_on(on)
    if step == "probation":
        return course.convert_on
    return clock.earliest(course, step, completing(step, course.rules), on)


def _ready_on(course: Course, on: date) -> date | None:
    is_waiting = not course.ended_on and "propose_target" not in course.done
    return course.cultivated_on(on) if is_waiting else None


def _due(course: Course, step: str, on: date) -> date | None:
    care = care_step(course)
    if step in CARE_STEPS:
        return clock.inspections(course, care, on)[2] if care else None
    return clock.due(course, step)

