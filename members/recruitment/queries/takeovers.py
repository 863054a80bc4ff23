"""What lists of running cases have brought, and what is missing in the files of each person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from portal.access.policy import scope
from portal.accounts.models import User
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook
from portal.rulesets.words import article_words

from ..engine.evaluate import evaluate
from ..engine.steps import STEPS, Step
from ..engine.takeover import HOLES, holes_of, papers_lacking
from ..engine.verdicts import Finding, Gap
from ..engine.vocabulary import KIND_LABELS, PAPER_LABELS
from ..models import Batch, BatchKind, Case, ClosedReason, StepRecord
from .facts import facts_of


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a file lacks, with the step and the article that ask for it."""

    label: str
    step: Step
    article: str

    @property
    def source(self) -> str:
        """Return the article in words."""
        return article_words(self.article)

    @property
    def place(self) -> str:
        """Return the step in words, unless the label says it already."""
        return "" if str(self.step.label).lower() == self.label.lower() else str(self.step.label)


@dataclass(frozen=True, slots=True)
class FileReport:
    """One person's file as it was taken over and stands now: papers and records that it lacks, and contradictions."""

    case: Case
    step: Step | None
    papers: tuple[Missing, ...]
    records: tuple[Missing, ...]
    findings: tuple[Finding, ...]

    @property
    def contradictions(self) -> list[tuple[str, str]]:
        """Return the findings in words, each with its article."""
        return [(str(finding), article_words(finding.article)) for finding in self.findings]

    @property
    def is_whole(self) -> bool:
        return not (self.papers or self.records or self.findings)


def takeovers(user: User) -> QuerySet[Batch]:
    """Return the lists that ``user`` may look at, the latest first, each with the number of its cases."""
    mine = scope(user, "view", Batch).filter(kind=BatchKind.TAKEOVER)
    counted = Count("records__case", distinct=True)
    return mine.select_related("organization", "made_by").annotate(case_count=counted).order_by("-on", "-pk")


def cases_of(user: User, batch: Batch) -> QuerySet[Case]:
    """Return the cases that a list brought and that still count, those of one branch together."""
    brought = StepRecord.objects.filter(batch=batch, case=OuterRef("pk"), step="apply")
    rows = scope(user, "view", Case).filter(Exists(brought)).exclude(closed_reason=ClosedReason.UNDONE)
    return rows.with_people().order_by("organization__path", "person__user__number", "pk")


def reports_of(cases: Iterable[Case], on: date) -> list[FileReport]:
    """Return what is missing in the file of each case on ``on``; the same number of statements for any number."""
    cases = list(cases)
    facts, book, calendar = facts_of(cases), rulebook(), kept_calendar()
    found = []
    for case in cases:
        rules = book.rules(case.edition, case.organization_id)
        position = evaluate(facts[case.pk], rules, calendar, on)
        found.append(
            FileReport(
                case,
                STEPS.get(position.step or ""),
                tuple(_missing(gap, str(PAPER_LABELS[gap.kind])) for gap in papers_lacking(position)),
                tuple(_missing(gap, str(KIND_LABELS[gap.kind])) for gap in holes_of(position)),
                tuple(finding for finding in position.findings if not finding.is_advice and finding.code not in HOLES),
            )
        )
    return found


def _missing(gap: Gap, label: str) -> Missing:
    return Missing(label, STEPS[gap.step], gap.article)
