"""What the page of a case says: where it stands, what may be done now and by whom, what not and why, what lacks."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.rulesets.words import article_words

from .engine import gaps
from .engine.check import lifted_rules
from .engine.course import CARE_STEPS, Course
from .engine.details import KINDS
from .engine.facts import Fact
from .engine.order import REPLACED
from .engine.people import Role
from .engine.steps import STAGE_LABELS, STEPS, Stage, Step, acting, cite, steps_of
from .engine.verdicts import Permitted, Refused
from .engine.vocabulary import EXCEPTION_LABELS, KIND_LABELS, ROLE_LABELS
from .models import Case, CaseMove, ExceptionGrant, StepRecord
from .queries.reading import Reading
from .services.recording import words_of

# Which step leads out of a stage: its day is the one on which the next begins.
STAGE_ENDS = {
    Stage.APPLICATION: "nominate",
    Stage.ACTIVIST: "consent_publicity",
    Stage.TARGET: "committee_review",
    Stage.ADMISSION: "approve",
    Stage.PROBATION: "archive",
}
# Whoever accompanies writes these; a branch that only notes them down is asked for the others first.
CARED_FOR = frozenset({"report", "contact_note"})


@dataclass(frozen=True, slots=True)
class Action:
    """A record that may be written now; ``url`` leads to its form where the reader may write it."""

    step: str
    kind: str
    who: str
    due: date | None
    warnings: list[str]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A record that may not be written now, with every reason and the day from which time alone allows it."""

    step: str
    kind: str
    reasons: list[str]
    earliest: date | None
    exception_url: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    words: str
    step: str
    article: str
    who: str
    earliest: date | None
    due: date | None
    overdue_since: date | None
    is_advice: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    words: str
    step: str
    article: str
    on: date | None
    is_advice: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """One of the steps of the edition: ``state`` is done, current, spared or later."""

    number: int
    label: str
    who: str
    article: str
    state: str
    on: date | None = None
    url: str = ""
    parts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history; ``struck`` was corrected or taken back, for the ``reason`` beside it."""

    on: date
    title: str
    note: str = ""
    url: str = ""
    is_struck: bool = False
    reason: str = ""


def label_of(kind: str) -> str:
    """Return the words for a kind of record as they stand alone."""
    words = str(KIND_LABELS[kind])
    return words[:1].upper() + words[1:]


def cited(article: str) -> str:
    return article_words(article) if article else ""


class Overview:
    """The parts of the page of ``case`` for a reader who acts in it as ``roles``, all from one reading."""

    def __init__(self, case: Case, reading: Reading, roles: Collection[Role], *, may_except: bool) -> None:
        self.case, self.reading, self.position = case, reading, reading.position
        self.roles, self.may_except = frozenset(roles), may_except
        self.is_open = case.closed_on is None
        self.course: Course = reading.course()
        self.lifted = lifted_rules(reading.facts, reading.on)

    def url_of(self, step: str, kind: str) -> str:
        """Return the address of the form of a record, ``""`` where the reader records no such thing."""
        is_mine = self.is_open and self.roles & KINDS[kind].recorders
        return reverse("members:recruitment:record-create", args=[self.case.pk, step, kind]) if is_mine else ""

    def stages(self) -> list[dict[str, Any]]:
        order = list(Stage)
        here = order.index(self.position.stage)
        found = []
        for place, stage in enumerate(order):
            is_past = place < here or (self.position.is_ended and "archive" in self.course.done)
            state = "done" if is_past else "current" if place == here else "later"
            if state == "current" and not self.is_open:
                state = "later"
            on = self.course.day_of(STAGE_ENDS[stage]) if is_past else None
            found.append({"label": STAGE_LABELS[stage], "state": state, "on": on})
        return found

    def next(self) -> dict[str, Any] | None:
        """Return the current step with who acts and its days; ``None`` for a case that has ended."""
        step = STEPS.get(self.position.step or "")
        if step is None or not self.is_open:
            return None
        return {
            "number": step.number,
            "label": step.label,
            "who": ROLE_LABELS[self._turn(step)],
            "article": cited(cite(self.case.edition, step.article)),
            "earliest": self.position.earliest,
            "is_care": step.code in CARE_STEPS,
            "is_early": self.position.earliest is not None and self.position.earliest > self.reading.on,
            "due": self.position.due,
            "overdue_since": self.position.overdue_since,
        }

    def _turn(self, step: Step) -> Role:
        """Return who owes the next record of ``step``: a step of several is not the same person's throughout."""
        owed = (gap.actor for gap in self.position.gaps if gap.step == step.code and gap.code == "record")
        return next(owed, acting(step, has_committee=self.course.has_committee))

    def actions(self) -> list[Action]:
        """Return what this reader may record now, the current step first, what can only be replaced last."""
        return [action for action in map(self._action, self._permitted()) if action.url]

    def others(self) -> list[Action]:
        """Return what somebody else may record now."""
        return [action for action in map(self._action, self._permitted()) if not action.url]

    def _permitted(self) -> list[Permitted]:
        if not self.is_open:
            return []

        def weight(item: Permitted) -> tuple[int, int]:
            if item.step == self.position.step and item.kind not in CARED_FOR:
                return 0, 0
            is_second = item.kind in CARED_FOR or (item.step in REPLACED and item.step in self.course.done)
            return (2 if is_second else 1), STEPS[item.step].number

        return sorted(self.position.may, key=weight)

    def _action(self, item: Permitted) -> Action:
        return Action(
            step=str(STEPS[item.step].label),
            kind=label_of(item.kind),
            who=str(ROLE_LABELS[item.actor]),
            due=item.due,
            warnings=[words_of(warning) for warning in item.warnings],
            url=self.url_of(item.step, item.kind),
        )

    def bars(self) -> tuple[list[Bar], list[Bar]]:
        """Return what may not be recorded yet: in the present stage, and further on."""
        near: list[Bar] = []
        far: list[Bar] = []
        if self.is_open:
            for item in self.position.may_not:
                is_near = STEPS[item.step].stage is self.position.stage
                (near if is_near else far).append(self._bar(item))
        return near, far

    def _bar(self, item: Refused) -> Bar:
        liftable = next((reason.code for reason in item.reasons if reason.liftable), "")
        url = reverse("members:recruitment:exception-grant", args=[self.case.pk])
        return Bar(
            step=str(STEPS[item.step].label),
            kind=label_of(item.kind),
            reasons=[words_of(reason) for reason in item.reasons],
            earliest=item.earliest,
            exception_url=f"{url}?rule={liftable}" if liftable and self.may_except else "",
        )

    def missing(self) -> list[Missing]:
        """Return everything that is missing: what is late first, then what has a day, then the rest in order."""
        if not self.is_open:
            return []
        may = {(item.step, item.kind) for item in self.position.may}
        found = [
            Missing(
                words=str(gap),
                step=str(STEPS[gap.step].label),
                article=cited(gap.article),
                who=str(ROLE_LABELS[gap.actor]),
                earliest=gap.earliest if gap.earliest and gap.earliest > self.reading.on else None,
                due=gap.due,
                overdue_since=gap.overdue_since,
                is_advice=gap.is_advice,
                url=self.url_of(gap.step, gap.kind) if (gap.step, gap.kind) in may else "",
            )
            for gap in self.position.gaps
        ]
        far = date.max
        return sorted(found, key=lambda gap: (gap.is_advice, gap.overdue_since or far, gap.due or far))

    def contradictions(self) -> list[Contradiction]:
        return [
            Contradiction(
                str(finding), str(STEPS[finding.step].label), cited(finding.article), finding.on, finding.is_advice
            )
            for finding in sorted(self.position.findings, key=lambda finding: finding.is_advice)
        ]

    def steps(self) -> list[StepLine]:
        return [self._line(step.code) for step in steps_of(self.case.edition)]

    def regulation(self) -> str:
        """Return the name of the text whose articles the steps name."""
        return cited(cite(self.case.edition, "").strip())

    def _line(self, code: str) -> StepLine:
        step, fact = STEPS[code], self.course.done.get(code)
        is_complete = self.course.is_complete(code, self.reading.on)
        state = (
            "done" if is_complete
            else "current" if self.is_open and code == self.position.step
            else "spared" if gaps.is_settled(self.course, code, self.lifted, self.reading.on)
            else "later"
        )  # fmt: skip
        parts = sorted({(part.on, kind) for (at, kind), part in self.course.parts.items() if at == code})
        if code in CARE_STEPS:
            parts = sorted((facts[-1].on, kind) for (at, kind), facts in self.course.care.items() if at == code)
        return StepLine(
            number=step.number,
            label=str(step.label),
            who=str(ROLE_LABELS[acting(step, has_committee=self.course.has_committee)]),
            article=_("article %(number)s") % {"number": step.article},
            state=state,
            on=fact.on if fact else None,
            url=record_url(fact.key) if fact and fact.key else "",
            parts=[f"{label_of(kind)} {day:%Y-%m-%d}" for day, kind in parts],
        )


def record_url(key: int) -> str:
    return reverse("members:recruitment:record-detail", args=[key])


def history(
    case: Case,
    records: Iterable[StepRecord],
    facts: Iterable[Fact],
    grants: Iterable[ExceptionGrant],
    moves: Iterable[CaseMove],
) -> list[Entry]:
    """Return everything that happened in a case, the latest first; what was corrected stays and is struck through."""
    found = [
        *_recorded(records),
        *(_elsewhere(fact) for fact in facts if not fact.key),
        *(_granted(grant) for grant in grants),
        *(_moved(move) for move in moves),
    ]
    if case.closed_on:
        found.append(Entry(case.closed_on, str(case.get_closed_reason_display()), case.closed_words))
    return sorted(found, key=lambda entry: entry.on, reverse=True)


def _recorded(records: Iterable[StepRecord]) -> Iterator[Entry]:
    for row in records:
        if row.is_annulment:
            continue  # said beside what it takes back
        correction = getattr(row, "correction", None)
        reason = ""
        if correction is not None:
            words = _("Taken back by %(name)s: %(reason)s") if correction.is_annulment else _(
                "Corrected by %(name)s: %(reason)s"
            )
            reason = words % {"name": correction.recorded_by.name, "reason": correction.reason}
        yield Entry(
            on=row.on,
            title=f"{STEPS[row.step].label} · {label_of(row.kind)}",
            note=f"{ROLE_LABELS[Role(row.role)]} · {row.recorded_by.name}",
            url=record_url(row.pk),
            is_struck=correction is not None,
            reason=reason,
        )


def _elsewhere(fact: Fact) -> Entry:
    """Return a report or a contact that is kept on the pages of cultivation."""
    note = ""
    if fact.kind == "report":
        year, quarter = getattr(fact.details, "year", ""), getattr(fact.details, "quarter", "")
        note = _("Quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}
    elif fact.kind == "contacts":
        note = ", ".join(person.name for person in getattr(fact.details, "contacts", ()))
    return Entry(fact.on, label_of(fact.kind), note)


def _granted(grant: ExceptionGrant) -> Entry:
    title = _("Exception: %(what)s") % {"what": EXCEPTION_LABELS.get(grant.rule, grant.rule)}
    return Entry(grant.on, title, f"{grant.node} · {grant.by.name} · {grant.words}")


def _moved(move: CaseMove) -> Entry:
    words = _("The material was handed over.") if move.is_handed_over else _("The material was not handed over.")
    return Entry(move.on, f"{move.from_branch} → {move.to_branch}", words)
