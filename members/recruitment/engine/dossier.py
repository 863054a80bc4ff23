"""Contradictions inside a file: what auditors reject (peers.md 1.3), whether it was typed here or imported.

Every record is examined as though it were recorded on its own day, after those before it; then the papers are compared
with each other. A finding asks people to look; it changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.rulesets.days import Calendar
from portal.rulesets.values import RuleSet

from . import clock
from .bans import article_of
from .check import examine
from .course import Course
from .details import ReportFact, TrainingFact
from .facts import CaseFacts, Document, Fact
from .steps import STEPS
from .verdicts import Finding, Refusal
from .vocabulary import PAPER_LABELS

LIKENESS_PER_CENT = 70  # of a text found elsewhere: worth reading both (design)
REPORT_DAYS_APART = 30  # two quarters' reports closer than that were written in one go (design)
UNSIGNED = frozenset({"publicity_notice", "dossier_index", "training_certificate"})
# Papers that are written on the day of what they record.
SAME_DAY = frozenset(
    {"talk_record", "committee_minutes", "ballot_summary", "resolution", "talk_opinion", "approval", "oath_record"}
)


@dataclass(frozen=True, slots=True)
class Lint:
    words: Promise
    article: str = ""
    value: str = ""
    is_advice: bool = False


LINTS: dict[str, Lint] = {
    "paper_undated": Lint(_("This paper bears no date: %(paper)s.")),
    "paper_unsigned": Lint(_("This paper is not signed: %(paper)s.")),
    "paper_date": Lint(_("%(paper)s is dated %(dated)s, its step %(day)s.")),
    "stated_date": Lint(_("%(paper)s names %(stated)s as the day of a step that was on %(day)s: %(step)s.")),
    "autobiography_late": Lint(
        _("The autobiography is dated %(dated)s, after the course that ended on %(day)s."), "16"
    ),
    "training_late": Lint(
        _("The training of %(day)s comes after the congress of %(congress)s."), value="training.hours"
    ),
    "reports_bunched": Lint(
        _("The reports for two quarters were written %(days)s days apart, on %(first)s and %(second)s."), "10"
    ),
    "report_early": Lint(_("The report for a quarter that begins on %(begins)s is dated %(day)s."), "10"),
    "copied": Lint(_("%(per_cent)s %% of this text is found in another one."), is_advice=True),
    "talk_late": Lint(_("The talk of %(day)s was due by %(due)s."), value="talk.after_application"),
    "submission_late": Lint(
        _("The superior took the file up on %(day)s, due by %(due)s; the branch must deliberate again."), "25"
    ),
    "oath_late": Lint(_("The oath of %(day)s was due by %(due)s."), value="oath.within", is_advice=True),
    "convert_approve_late": Lint(
        _("The approval of %(day)s was due by %(due)s."), value="conversion.approval_within"
    ),
    "age_unknown": Lint(_("The day of birth is not known: nobody can tell the age."), value="person.min_age"),
    "recorded_early": Lint(_("This was recorded on %(recorded)s, before its own day %(day)s.")),
}  # fmt: skip


def contradictions(facts: CaseFacts, rules: RuleSet, calendar: Calendar) -> tuple[Finding, ...]:
    """Return every contradiction in the file, in the order of its records."""
    course, refused = replay(facts, rules, calendar)
    return findings_of(facts, course, refused)


def replay(facts: CaseFacts, rules: RuleSet, calendar: Calendar) -> tuple[Course, list[Finding]]:
    """Return the course of the whole file, and as findings what should have forbidden each of its records."""
    course, found = Course(facts, rules, calendar), []
    for fact in facts.records:
        found += [_broken(refusal, fact) for refusal in examine(course, fact)]
        found += _late(course, fact)
        course.add(fact)
    return course, found


def findings_of(facts: CaseFacts, course: Course, refused: list[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a replay together with those that compare papers."""
    days: dict[str, date] = {}
    for fact in facts.records:
        days[fact.step] = fact.on
    papers: list[Finding] = []
    for fact in facts.records:
        for document in fact.documents:
            papers += _paper(course, fact, document, days)
    return (*refused, *papers, *_texts(course, facts), *_reports(course, facts), *_training(course, facts))


def _broken(refusal: Refusal, fact: Fact) -> Finding:
    return Finding(refusal.words, refusal.params, refusal.code, refusal.step, refusal.article, fact.on)


def _find(course: Course, code: str, fact: Fact, **params: object) -> Finding:
    lint = LINTS[code]
    article = article_of(course.rules, fact.step, article=lint.article, value=lint.value)
    return Finding(lint.words, params, code, fact.step, article, fact.on, lint.is_advice)


_LATE = {
    "talk": "talk_late",
    "superior_talk": "submission_late",
    "oath": "oath_late",
    "convert_approve": "convert_approve_late",
}


def _late(course: Course, fact: Fact) -> Iterator[Finding]:
    code = _LATE.get(fact.step)
    due = clock.due(course, fact.step) if code else None
    if code and due and fact.on > due:
        yield _find(course, code, fact, day=fact.on, due=due)
    if fact.step == "apply" and course.person.birth_date is None:
        yield _find(course, "age_unknown", fact)
    if fact.recorded_on and fact.recorded_on < fact.on:
        yield _find(course, "recorded_early", fact, recorded=fact.recorded_on, day=fact.on)


def _paper(course: Course, fact: Fact, document: Document, days: dict[str, date]) -> Iterator[Finding]:
    paper = PAPER_LABELS.get(document.kind, document.kind)
    if document.dated_on is None:
        yield _find(course, "paper_undated", fact, paper=paper)
    elif document.dated_on != fact.on and document.kind in SAME_DAY:
        yield _find(course, "paper_date", fact, paper=paper, dated=document.dated_on, day=fact.on)
    if not document.is_signed and document.kind not in UNSIGNED:
        yield _find(course, "paper_unsigned", fact, paper=paper)
    for step, stated in document.states:
        day = days.get(step)
        if day and stated != day:
            yield _find(course, "stated_date", fact, paper=paper, stated=stated, day=day, step=STEPS[step].label)
    if document.kind == "autobiography" and document.dated_on:
        yield from _autobiography(course, fact, document.dated_on)


def _autobiography(course: Course, fact: Fact, dated_on: date) -> Iterator[Finding]:
    trained = course.done.get("training")
    if trained and isinstance(trained.details, TrainingFact) and dated_on > trained.details.ends_on:
        yield _find(course, "autobiography_late", fact, dated=dated_on, day=trained.details.ends_on)


def _texts(course: Course, facts: CaseFacts) -> Iterator[Finding]:
    for fact in facts.records:
        likeness = getattr(fact.details, "likeness", None)
        if likeness is not None and likeness >= LIKENESS_PER_CENT:
            yield _find(course, "copied", fact, per_cent=likeness)


def _reports(course: Course, facts: CaseFacts) -> Iterator[Finding]:
    before: Fact | None = None
    for fact in facts.records:
        if not isinstance(fact.details, ReportFact):
            continue
        begins = date(fact.details.year, 3 * fact.details.quarter - 2, 1)
        if fact.on < begins:
            yield _find(course, "report_early", fact, begins=begins, day=fact.on)
        if before and _is_bunched(before, fact):
            days = (fact.on - before.on).days
            yield _find(course, "reports_bunched", fact, days=days, first=before.on, second=fact.on)
        before = fact


def _is_bunched(before: Fact, after: Fact) -> bool:
    if not isinstance(before.details, ReportFact) or not isinstance(after.details, ReportFact):
        return False
    is_other = (before.details.year, before.details.quarter) != (after.details.year, after.details.quarter)
    return is_other and after.on - before.on < timedelta(days=REPORT_DAYS_APART)


def _training(course: Course, facts: CaseFacts) -> Iterator[Finding]:
    trained, held = course.done.get("training"), course.done.get("congress")
    if trained and held and trained.on > held.on:
        yield _find(course, "training_late", trained, day=trained.on, congress=held.on)

