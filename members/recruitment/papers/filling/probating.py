"""Stage E: assignment, oath, probation, and the index of the file."""

from collections.abc import Iterator, Sequence
from datetime import date

from members.recruitment.engine.details import (
    AssignmentFact,
    ContactNoteFact,
    InspectionFact,
    OathFact,
)
from members.recruitment.engine.facts import Document, Fact
from members.recruitment.engine.steps import STEPS, Stage
from members.recruitment.queries.files import CaseFile

from ..probation import Assignment, DossierEntry, DossierIndex, HalfYear, OathRecord, ProbationInspection
from .cultivating import inspected
from .left import PAPER_NAMES, STAGE_NAMES, expected
from .words import identity, names_in, probation_of


def assignment(file: CaseFile, record: Fact) -> Assignment:
    details = record.details
    assert isinstance(details, AssignmentFact)
    return Assignment(
        person=identity(file.person),
        issuer=file.superior,
        branch=details.branch or file.branch(record.on),
        group=details.group,
        approved_on=file.course().day_of("approve"),
        on=record.on,
    )


def oath_record(file: CaseFile, record: Fact) -> OathRecord:
    return oath_of([(file, record)])


def oath_of(taken: Sequence[tuple[CaseFile, Fact]]) -> OathRecord:
    """Return the record of one ceremony, for all who took the oath in it."""
    file, record = taken[0]
    details = record.details
    assert isinstance(details, OathFact)
    return OathRecord(
        organizer=file.branch(record.on),
        on=record.on,
        place=details.place,
        led_by=details.led_by,
        people=tuple(identity(other.person) for other, _record in taken),
    )


def probation_inspection(file: CaseFile, _record: Fact | None = None) -> ProbationInspection:
    course = file.course()
    since, until = probation_of(course)
    return ProbationInspection(
        person=identity(file.person),
        branch=file.branch(),
        probation_from=since,
        probation_to=until,
        approved_on=course.day_of("approve"),
        oath_on=course.day_of("oath"),
        sponsors=names_in(file, course.sponsors),
        halves=tuple(_halves(file)),
    )


def _halves(file: CaseFile) -> Iterator[HalfYear]:
    """Yield each inspection with the notes that were written since the one before it."""
    notes, before = file.records_of("probation", ContactNoteFact.kind), date.min
    for record in file.records_of("probation", InspectionFact.kind):
        details = record.details
        assert isinstance(details, InspectionFact)
        said = [
            note.details.note
            for note in notes
            if before < note.on <= record.on and isinstance(note.details, ContactNoteFact) and note.details.note
        ]
        yield HalfYear(
            period=inspected(file, record), sponsors="\n".join(said), branch=details.opinion, on=record.on
        )
        before = record.on


def dossier_index(file: CaseFile, _record: Fact | None = None) -> DossierIndex:
    return DossierIndex(
        person=identity(file.person), branch=file.branch(), entries=tuple(_entries(file)), on=file.on
    )


def _entries(file: CaseFile) -> Iterator[DossierEntry]:
    for step in STEPS.values():
        for line in expected(file, step.code):
            yield _entry(line.document, line.kind, step.stage, line.on)


def _entry(document: Document | None, kind: str, stage: Stage, on: date | None) -> DossierEntry:
    note = "" if document is None or document.is_signed else "未签名"
    return DossierEntry(
        title=PAPER_NAMES[kind],
        stage=STAGE_NAMES[stage],
        dated_on=document.dated_on if document else on,
        copies=1 if document else None,
        missing=document is None,
        note=note,
    )
