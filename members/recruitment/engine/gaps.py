"""Everything that a case lacks on a day, not only the first thing: records, papers, and what recurs."""

from collections.abc import Iterator
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.rulesets.days import add_months

from . import clock
from .bans import article_of
from .course import DAY, Course, completing
from .details import ReportFact
from .facts import CaseFacts
from .people import Role
from .steps import STEPS, Step, acting, steps_of
from .verdicts import Gap, Params
from .vocabulary import KIND_LABELS, PAPER_LABELS

RECORD = _("Still to be recorded: %(what)s.")
PAPER = _("This paper is not in the file: %(what)s.")
INSPECTION = _("The inspection due by %(day)s is missing.")
REPORT = _("The thought report of quarter %(quarter)s of %(year)s is missing.")
NOTE = _("The contact's note due by %(day)s is missing.")
RENEWAL = _("Valid through %(day)s only; it must be done anew before the congress: %(what)s.")

_BRANCH_KINDS = frozenset({"opinions", "publicity", "publicity_result"})


def gaps_of(course: Course, papers: dict[str, set[str]], lifted: frozenset[str], on: date) -> Iterator[Gap]:
    """Yield what is missing on ``on``; ``papers`` are the kinds of paper in the file by step."""
    if course.ended_on and "archive" not in course.done:
        return
    for step in relevant(course, lifted, on):
        if not is_settled(course, step.code, lifted, on):
            yield from _records(course, step, on)
        elif step.code in course.done:
            yield from _papers(course, step, papers.get(step.code, set()))
    yield from _renewals(course, on)
    yield from _recurring(course, on)


def is_settled(course: Course, step: str, lifted: frozenset[str], on: date) -> bool:
    """Say whether nothing more is asked in ``step``: it is complete, or a superior has spared the person it."""
    return course.is_complete(step, on) or (step == "training" and "training_missing" in lifted)


def current(course: Course, lifted: frozenset[str], on: date) -> Step | None:
    """Return the first step that is not settled; ``None`` once the case has ended."""
    if course.ended_on:
        return None
    steps = steps_of(course.rules.edition.code)
    return next((step for step in steps if not is_settled(course, step.code, lifted, on)), None)


def relevant(course: Course, lifted: frozenset[str], on: date) -> list[Step]:
    """Return the steps of which something can be missing: up to the furthest done, of the stage, and those open."""
    here = current(course, lifted, on)
    furthest = max((STEPS[code].number for code in course.done), default=0)
    return [
        step
        for step in steps_of(course.rules.edition.code)
        if step.number <= furthest
        or (here and step.stage is here.stage)
        or all(is_settled(course, code, lifted, on) for code in step.requires)
    ]


def actor_of(course: Course, step: str, kind: str) -> Role:
    """Return who must act for a record of ``kind`` in ``step``."""
    if kind in _BRANCH_KINDS:
        return Role.BRANCH
    if kind == "review":
        return Role.COMMITTEE if course.has_committee else Role.CONGRESS
    return acting(STEPS[step], has_committee=course.has_committee)


def _records(course: Course, step: Step, on: date) -> Iterator[Gap]:
    last = completing(step.code, course.rules)
    if step.code in ("cultivate", "probation"):
        return  # complete by time; what recurs in them is listed of itself
    wanted = [kind for kind in _all_parts(course, step.code, last) if course.part(step.code, kind) is None]
    due = clock.due(course, step.code)
    article = article_of(course.rules, step.code, value=clock.DUE_VALUES.get(step.code, ""))
    for kind in [*wanted, last]:
        is_last = kind == last
        yield Gap(
            RECORD,
            {"what": KIND_LABELS[kind]},
            code="record",
            step=step.code,
            kind=kind,
            article=article,
            actor=actor_of(course, step.code, kind),
            earliest=clock.earliest(course, step.code, kind, on),
            due=due if is_last else None,
            overdue_since=due + DAY if is_last and due and on > due else None,
        )


def _all_parts(course: Course, step: str, last: str) -> list[str]:
    """Return the kinds that must come before the last, each after what it builds on itself."""
    found: list[str] = []
    for part in clock.needed_parts(course, step, last):
        found += [kind for kind in (*_all_parts(course, step, part), part) if kind not in found]
    return found


def _papers(course: Course, step: Step, there: set[str]) -> Iterator[Gap]:
    for kind in step.documents:
        if kind in there or (kind == "publicity_notice" and course.part(step.code, "publicity") is None):
            continue
        yield Gap(
            PAPER,
            {"what": PAPER_LABELS[kind]},
            code="paper",
            step=step.code,
            kind=kind,
            article=article_of(course.rules, step.code),
            actor=actor_of(course, step.code, completing(step.code, course.rules)),
        )


def _renewals(course: Course, on: date) -> Iterator[Gap]:
    if "congress" in course.done:
        return
    for step in ("political_review", "training"):
        until = clock.valid_until(course, step)
        if until and on > until:
            yield Gap(
                RENEWAL,
                {"what": STEPS[step].label, "day": until},
                code="renewal",
                step=step,
                kind=completing(step, course.rules),
                article=article_of(course.rules, step),
                actor=STEPS[step].actor,
                earliest=until + DAY,
                overdue_since=until + DAY,
            )


def _recurring(course: Course, on: date) -> Iterator[Gap]:
    step = care_step(course)
    if step is None:
        return
    yield from _inspections(course, step, on)
    yield from _reports(course, step, on)
    yield from _notes(course, step, on)


def care_step(course: Course) -> str | None:
    """Return the step under which the person is cared for now: cultivation, then probation, else ``None``."""
    if course.ended_on or "convert_approve" in course.done:
        return None
    if "approve" in course.done:
        return "probation"
    return "cultivate" if course.activist_on else None


def care_since(course: Course, step: str, on: date) -> date | None:
    """Return since when reports and notes are expected."""
    return course.cultivated_since(on) if step == "cultivate" else course.day_of("approve")


def _inspections(course: Course, step: str, on: date) -> Iterator[Gap]:
    have, need, _next = clock.inspections(course, step, on)
    since = care_since(course, step, on)
    value = "inspection.interval" if step == "cultivate" else "probation.inspection_interval"
    months = course.rules.amount(value)
    for period in range(have + 1, need + 1):
        due = add_months(since, months * period) if since else on
        yield _late(course, step, "inspection", value, due, INSPECTION, {"day": due}, Role.BRANCH)


def missing_quarters(course: Course, step: str, on: date) -> Iterator[tuple[int, int, date]]:
    """Yield year, number and end of each quarter without its report, up to the one that runs on ``on``."""
    since = care_since(course, step, on)
    if since is None:
        return
    written = {
        (fact.details.year, fact.details.quarter)
        for fact in course.reports(step)
        if isinstance(fact.details, ReportFact)
    }
    for end in clock.quarter_ends(since, on):
        quarter = (end.year, end.month // 3)
        if quarter not in written:
            yield *quarter, end


def _reports(course: Course, step: str, on: date) -> Iterator[Gap]:
    value = "thought_report.interval" if step == "cultivate" else "thought_report.interval_probation"
    for year, quarter, end in missing_quarters(course, step, on):
        if end < on:
            params = {"year": year, "quarter": quarter}
            yield _late(course, step, "report", value, end, REPORT, params, Role.APPLICANT)


def missing_notes(course: Course, step: str, on: date) -> Iterator[date]:
    """Yield the quarter ends for which there are fewer notes than quarters, up to the one after ``on``."""
    since = care_since(course, step, on)
    if since is None:
        return
    have = len(course.care.get((step, "contact_note"), ()))
    for number, end in enumerate(clock.quarter_ends(since, on), start=1):
        if number > have:
            yield end


def _notes(course: Course, step: str, on: date) -> Iterator[Gap]:
    actor = Role.CONTACT if step == "cultivate" else Role.SPONSOR
    for end in missing_notes(course, step, on):
        if end < on:
            yield _late(course, step, "contact_note", "contact_note.interval", end, NOTE, {"day": end}, actor)


def _late(
    course: Course, step: str, kind: str, value: str, due: date, words: Promise, params: Params, actor: Role
) -> Gap:
    is_advice = kind != "inspection"
    article = article_of(course.rules, step, value=value)
    return Gap(words, params, kind, step, kind, article, actor, None, due, due + DAY, is_advice)


def papers_of(facts: CaseFacts) -> dict[str, set[str]]:
    """Return the kinds of paper in the file by step."""
    papers: dict[str, set[str]] = {}
    for fact in facts.records:
        if fact.documents:
            papers.setdefault(fact.step, set()).update(document.kind for document in fact.documents)
    return papers

