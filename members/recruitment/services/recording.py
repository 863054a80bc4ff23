"""Record a step, in one case or for many people at once: ask the engine, write, settle, audit, tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.files.models import StoredFile
from portal.files.services import attach
from portal.organizations.models import Organization
from portal.organizations.services import lock_open
from portal.rulesets.days import Calendar
from portal.rulesets.queries import Rulebook, rulebook
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.words import article_words
from portal.web.refusals import RuleError

from ..engine.bans import refuse
from ..engine.check import check_record
from ..engine.course import Course
from ..engine.details import DETAILS, BallotFact, ContactNoteFact, ContactsFact, Details, SponsorsFact, TrainingFact
from ..engine.facts import CaseFacts, Document, Fact
from ..engine.people import Role
from ..engine.verdicts import Refusal
from ..engine.vocabulary import KIND_LABELS, PAPER_LABELS
from ..models import BY_RECORDS, Ballot, Batch, Case, CaseState, ClosedReason, Paper, StepRecord
from ..queries.acting import roles_in
from ..queries.facts import Known, known_of, named_on, people_in, resolved
from ..records import to_json
from . import effects, telling
from .settling import FIELDS, position_of, settle

# Which capacity counts when somebody has several.
CAPACITIES = (Role.APPLICANT, Role.BRANCH, Role.SUPERIOR, Role.TRAINER, Role.CONTACT, Role.SPONSOR)
WRITTEN = (*FIELDS, "state", "closed_on", "closed_reason", "version")


class RecordRefused(RuleError):
    """What the rules forbid in one record: each reason with its numbers and its article."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__([ValidationError(words_of(refusal), code=refusal.code) for refusal in self.refusals])


def words_of(refusal: Refusal) -> str:
    """Return a refusal as people read it: the arithmetic, then the article."""
    return _("%(reason)s (%(article)s)") % {"reason": refusal, "article": article_words(refusal.article)}


@dataclass(frozen=True, slots=True)
class Filed:
    """A paper that comes with a record: what is written on it, and its scan. ``states`` are dates of other steps."""

    kind: str
    dated_on: date | None = None
    is_signed: bool = False
    file: StoredFile | None = None
    states: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of a batch: the records by case, and the refusals of those in whose case nothing was written."""

    batch: Batch
    records: Mapping[int, StepRecord]
    refused: Mapping[int, RecordRefused] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule sets and the calendar, read once for everything that is written together."""

    book: Rulebook
    calendar: Calendar
    today: date

    @classmethod
    def read(cls) -> "Rules":
        return cls(rulebook(), kept_calendar(), timezone.localdate())

    def refusals(self, case: Case, facts: CaseFacts, fact: Fact) -> tuple[Refusal, ...]:
        rules = self.book.rules(case.edition, case.organization_id)
        return check_record(facts, rules, self.calendar, fact, self.today)

    def course(self, case: Case, facts: CaseFacts) -> Course:
        return Course.of(facts, self.book.rules(case.edition, case.organization_id), self.calendar, self.today)


@transaction.atomic
def record(
    case: Case,
    step: str,
    *,
    on: date,
    details: Details,
    by: User,
    documents: Sequence[Filed] = (),
    seen: int | None = None,
) -> StepRecord:
    """Record one step of a case, as it happened ``on`` a day; return the record.

    ``seen`` is the key of the latest record when the page was opened: what somebody else recorded in the same step
    since then is told first. Raises ``RecordRefused`` with everything that forbids it, ``ValidationError`` by field
    for details that no record can hold, and ``RuleError`` for a case that is closed.
    """
    held = hold([case.pk], step, on=on)
    if not held:
        raise RuleError(_("This case is closed."))
    if seen is not None:
        _refuse_unseen(case, step, seen, by)
    written, refused = _write(held, step, on=on, details={case.pk: details}, by=by, documents=documents)
    if case.pk in refused:
        raise refused[case.pk]
    return written[case.pk]


@transaction.atomic
def record_batch(
    cases: Iterable[Case],
    step: str,
    *,
    kind: str,
    organization: Organization,
    on: date,
    details: Mapping[int, Details],
    by: User,
    documents: Sequence[Filed] = (),
) -> BatchOutcome:
    """Record what one meeting, list, notice or class did in many cases; ``details`` are by the key of the case.

    Each person is examined alone: whom the rules forbid is left out and named in the outcome. ``documents`` go into
    every file, so they come without scans. Raises ``RuleError`` when nobody is left, and ``ValidationError`` for
    details that no record can hold.
    """
    if any(paper.file for paper in documents):
        raise ValueError("one scan cannot belong to many files")
    keys = sorted(case.pk for case in cases)
    held = hold(keys, step, on=on)
    batch = Batch(kind=kind, organization=organization, on=on, step=step, made_by=by)
    batch.full_clean()
    batch.save()
    written, refused = _write(held, step, on=on, details=details, by=by, documents=documents, batch=batch)
    if not written:
        reasons = [message for refusal in refused.values() for message in refusal.messages]
        raise RuleError(reasons or [_("None of these cases is open.")])
    return BatchOutcome(batch, written, refused)


def _refuse_unseen(case: Case, step: str, seen: int, by: User) -> None:
    """Raise ``RuleError`` when another person has recorded something in the same step since ``seen``."""
    rows = StepRecord.objects.filter(case=case, step=step, pk__gt=seen).exclude(recorded_by=by)
    if newer := rows.select_related("recorded_by").order_by("-pk").first():
        raise RuleError(
            _("%(name)s recorded “%(what)s” of %(day)s at %(time)s, after you opened this page. Look at it first."),
            params={
                "name": newer.recorded_by.name,
                "what": KIND_LABELS[newer.kind],
                "day": newer.on,
                "time": f"{timezone.localtime(newer.recorded_at):%H:%M}",
            },
            code="unseen",
        )


def record_training(person: Member, training: TrainingFact, *, on: date, by: User) -> StepRecord | None:
    """Take a certificate of intensive training into the person's open case; ``None`` for somebody who has none.

    Called by the party school. Raises ``RecordRefused`` where the case is not at that point.
    """
    case = Case.objects.open().filter(person=person).first()
    return record(case, "training", on=on, details=training, by=by) if case else None


def hold(keys: Sequence[int], step: str, *, on: date) -> list[Case]:
    """Hold the open cases of ``keys`` until the transaction ends, in one order for everybody.

    Where the step can change a standing, their branches are held first: mergers hold nodes before people.
    """
    if step in effects.PLACING:
        nodes = Organization.objects.filter(recruitment_cases__in=keys).distinct().order_by("pk")
        for node in nodes:
            lock_open(node, on=on)
    found = Case.objects.select_for_update(of=("self",)).open().filter(pk__in=keys)
    return list(found.select_related("person__user", "organization").order_by("pk"))


def _write(
    cases: Sequence[Case],
    step: str,
    *,
    on: date,
    details: Mapping[int, Details],
    by: User,
    documents: Sequence[Filed] = (),
    batch: Batch | None = None,
) -> tuple[dict[int, StepRecord], dict[int, RecordRefused]]:
    """Check and write one record for each of ``cases``, which are held."""
    rules, known = Rules.read(), known_of(cases)
    facts, refused = _judged(cases, known, rules, step, on=on, details=details, by=by, documents=documents)
    rows: dict[int, StepRecord] = {}
    for case in cases:
        if fact := facts.get(case.pk):
            round_ = known.rounds.get((case.pk, step, fact.kind), 0) + 1
            rows[case.pk] = row_of(case, fact, by, round_=round_, batch=batch)
    StepRecord.objects.bulk_create(rows.values())
    for case in cases:
        if case.pk in rows:
            file_papers(rows[case.pk], documents)
            complete(case, rows[case.pk], facts[case.pk], known.facts[case.pk], rules, by=by)
    Case.objects.bulk_update([case for case in cases if case.pk in rows], WRITTEN)
    return rows, refused


def _judged(
    cases: Sequence[Case],
    known: Known,
    rules: Rules,
    step: str,
    *,
    on: date,
    details: Mapping[int, Details],
    by: User,
    documents: Sequence[Filed] = (),
) -> tuple[dict[int, Fact], dict[int, RecordRefused]]:
    """Return the record of each case that may be written, and the refusals of the others."""
    check_papers(documents)
    roles = roles_in(cases, by)
    people = named_on(set().union(*(people_in(details[case.pk]) for case in cases)), on)
    facts: dict[int, Fact] = {}
    refused: dict[int, RecordRefused] = {}
    for case in cases:
        fact = fact_of(step, on, resolved(details[case.pk], people), roles[case.pk], by, documents, rules.today)
        if found := examine(case, known.facts[case.pk], fact, rules):
            refused[case.pk] = RecordRefused(found)
        else:
            facts[case.pk] = fact
    return facts, refused


def refusals_of(
    cases: Sequence[Case], step: str, *, on: date, details: Mapping[int, Details], by: User
) -> dict[int, RecordRefused]:
    """Return what would forbid each record of a batch, by the key of the case; nothing is written.

    The cases come with person and organization; the number of statements does not grow with theirs.
    """
    return _judged(cases, known_of(cases), Rules.read(), step, on=on, details=details, by=by)[1]


def examine(case: Case, facts: CaseFacts, fact: Fact, rules: Rules) -> tuple[Refusal, ...]:
    """Return what forbids ``fact``; a contact or sponsor writes nobody else's notes."""
    if type(fact.details) in DETAILS.get(fact.step, ()):
        to_json(fact.step, fact.details)  # of the right types before the engine reckons with them
    found = rules.refusals(case, facts, fact)
    is_note = fact.role in (Role.CONTACT, Role.SPONSOR) and isinstance(fact.details, ContactNoteFact)
    if is_note and fact.details.author.key != fact.by:
        found = (*found, refuse(rules.book.rules(case.edition, case.organization_id), fact.step, "role"))
    return found


def fact_of(
    step: str,
    on: date,
    details: Details,
    roles: frozenset[Role],
    by: User,
    documents: Sequence[Filed],
    today: date,
) -> Fact:
    """Return the record as the engine reads it, in the first capacity of ``by`` that may make it.

    Who has none gets one in which the engine refuses: the candidate as candidate, everybody else as the congress.
    """
    fallback = Role.APPLICANT if Role.APPLICANT in roles else Role.CONGRESS
    role = next((role for role in CAPACITIES if role in roles and role in type(details).recorders), fallback)
    papers = tuple(
        Document(kind=paper.kind, dated_on=paper.dated_on, is_signed=paper.is_signed, states=paper.states)
        for paper in documents
    )
    return Fact(step=step, on=on, by=by.pk, role=role, details=details, recorded_on=today, documents=papers)


def row_of(case: Case, fact: Fact, by: User, *, round_: int, batch: Batch | None = None) -> StepRecord:
    return StepRecord(
        case=case, step=fact.step, kind=fact.kind, round=round_, on=fact.on, role=fact.role.value,
        details=to_json(fact.step, fact.details), recorded_by=by, batch=batch,
    )  # fmt: skip


def check_papers(documents: Iterable[Filed]) -> None:
    """Raise ``ValidationError`` for a kind of paper that nobody knows."""
    if unknown := sorted({paper.kind for paper in documents} - PAPER_LABELS.keys()):
        raise ValidationError(_("No paper of the file is of this kind: %(kind)s."), params={"kind": unknown[0]})


def file_papers(row: StepRecord, documents: Iterable[Filed]) -> None:
    """Put papers into the file with the record that leaves them; their scans belong to them from now on."""
    for paper in documents:
        states = [[step, day.isoformat()] for step, day in paper.states]
        filed = Paper.objects.create(
            record=row, kind=paper.kind, dated_on=paper.dated_on, is_signed=paper.is_signed, states=states,
            file=paper.file,
        )  # fmt: skip
        if paper.file is not None:
            attach(paper.file, filed)


def complete(case: Case, row: StepRecord, fact: Fact, before: CaseFacts, rules: Rules, *, by: User) -> None:
    """Let a record that is written take effect: count, people, standing, figures, trail, notices."""
    rule_set = rules.book.rules(case.edition, case.organization_id)
    after = before.with_record(replace(fact, key=row.pk))
    turn = telling.turn_of(position_of(before, rule_set, rules.calendar, rules.today))
    position = position_of(after, rule_set, rules.calendar, rules.today)
    earlier, course = rules.course(case, before), rules.course(case, after)
    if isinstance(fact.details, BallotFact):
        Ballot.objects.bulk_create([effects.ballot_of(row, fact.details)])
    moved = effects.place_person(case, earlier, course, on=fact.on, by=by)
    if isinstance(fact.details, SponsorsFact):
        telling.tell_sponsors(case, row, effects.keep_sponsors(case, course.sponsors, row, on=fact.on))
    elif isinstance(fact.details, ContactsFact):
        effects.keep_contacts(case, course.contacts, on=fact.on, by=by)
    if position.is_ended:
        finish(case, course)
    case.version += 1
    settle(case, position, on=rules.today)
    audit.record(
        "recruitment.recorded",
        row,
        by=by,
        at=case.organization,
        changes={"step": ["", row.step], "kind": ["", row.kind], "on": ["", row.on], "person": ["", case.person.name]},
    )
    telling.tell_recorded(case, row, turn, position, moved)


def finish(case: Case, course: Course) -> None:
    """Close a case that its records have ended, in memory."""
    reason = ClosedReason.ARCHIVED if "archive" in course.done else ClosedReason.CANCELLED
    assert reason in BY_RECORDS
    case.state, case.closed_on, case.closed_reason = CaseState.CLOSED, course.ended_on, reason
