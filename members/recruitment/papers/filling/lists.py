"""Papers about several people: filing lists, publicity notices and their results."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from members.recruitment.engine.details import (
    ApprovalFact,
    ConsentFact,
    FilingFact,
    Outcome,
    PublicityFact,
    PublicityResultFact,
)
from members.recruitment.engine.facts import Fact
from members.recruitment.engine.people import Named
from members.recruitment.queries.files import CaseFile
from portal.rulesets.days import workdays_between

from ..cultivation import FiledPerson, FilingList
from ..publicity import PublicityNotice, PublicityResult, PublicPerson
from .words import identity, names_in, unit_of

Taken = Sequence[tuple[CaseFile, Fact]]

# The superior's answer, where it is recorded.
_REPLIES = {Outcome.PASSED: "同意。", Outcome.REJECTED: "不同意。"}
FILED = "已备案。"


def activist_filing(file: CaseFile, record: Fact) -> FilingList:
    return filing_of("activist_filing", [(file, record)], branch=file.branch(record.on))


def target_filing(file: CaseFile, record: Fact) -> FilingList:
    return filing_of("target_filing", [(file, record)], branch=file.branch(record.on))


def admission_filing(file: CaseFile, record: Fact) -> FilingList:
    return filing_of("admission_filing", [(file, record)], branch=file.branch(record.on))


def filing_of(code: str, taken: Taken, *, branch: str, on: date | None = None) -> FilingList:
    """Return a filing list of the people of ``taken``, each with the record that puts them on it.

    The number and the answer are the superior's, once they were recorded; a list that is only being sent has none.
    """
    made = FilingList(branch=branch, on=on, people=tuple(_line(code, file, record, branch) for file, record in taken))
    if not taken:
        return made
    file, record = taken[0]
    if len({other.case.organization_id for other, _record in taken}) == 1:
        made = replace(made, secretary=file.secretary)
    made = replace(made, superior=file.superior)
    details = record.details
    if isinstance(details, ConsentFact):
        return replace(made, number=details.number, reply=_REPLIES.get(details.outcome, ""), replied_on=record.on)
    if isinstance(details, FilingFact):
        return replace(made, number=details.number, reply=FILED, replied_on=record.on)
    return made


def _line(code: str, file: CaseFile, record: Fact, branch: str) -> FiledPerson:
    course, person = file.course(record.on), identity(file.person)
    decided = {
        "activist_filing": course.day_of("nominate"),
        "target_filing": course.day_of("propose_target"),
        "admission_filing": _approved_on(file, record),
    }[code]
    people = file.course().sponsors if code == "admission_filing" else _contacts(file, record)
    here = file.branch(record.on)
    return FiledPerson(
        name=person.name,
        sex=person.sex,
        ethnicity=person.ethnicity,
        birth_date=person.birth_date,
        unit=" ".join(filter(None, (unit_of(file.person), person.post))),
        applied_on=course.day_of("apply"),
        decided_on=decided,
        people=names_in(file, people),
        note=here if here != branch else "",
    )


def _approved_on(file: CaseFile, record: Fact) -> date | None:
    return record.on if isinstance(record.details, ApprovalFact) else file.course(record.on).day_of("approve")


def _contacts(file: CaseFile, record: Fact) -> tuple[Named, ...]:
    """Return the contacts of then; an activist's are assigned about when the list is sent, often a day later."""
    there = file.course(record.on).contacts
    return there or file.course().contacts


def publicity_notice(file: CaseFile, record: Fact) -> PublicityNotice:
    return notice_of([(file, record)], issuer=file.branch(record.on))


def notice_of(taken: Taken, *, issuer: str) -> PublicityNotice:
    """Return one notice about all of ``taken``; ``PublicPerson`` leaves out what may not hang on a wall."""
    file, record = taken[0]
    details = record.details
    assert isinstance(details, PublicityFact)
    workdays, _provisional = workdays_between(details.starts_on, details.ends_on, file.calendar)
    return PublicityNotice(
        purpose=details.purpose,
        people=tuple(_public(other, its) for other, its in taken),
        starts_on=details.starts_on,
        ends_on=details.ends_on,
        workdays=workdays,
        places=details.place,
        receiver=file.superior,
        issuer=issuer,
        on=details.starts_on,
    )


def _public(file: CaseFile, record: Fact) -> PublicPerson:
    course = file.course(record.on)
    return PublicPerson.of(
        identity(file.person),
        applied_on=course.day_of("apply"),
        activist_on=course.activist_on,
        contacts=names_in(file, course.contacts),
    )


def publicity_result(file: CaseFile, record: Fact) -> PublicityResult:
    return result_of([(file, record)], branch=file.branch(record.on))


def result_of(taken: Taken, *, branch: str) -> PublicityResult:
    file, record = taken[0]
    details = record.details
    assert isinstance(details, PublicityResultFact)
    notice = next(
        (
            fact.details
            for fact in reversed(file.records_of(record.step, PublicityFact.kind))
            if fact.on <= record.on and isinstance(fact.details, PublicityFact)
        ),
        None,
    )
    counts = [its.details.objections for _file, its in taken if isinstance(its.details, PublicityResultFact)]
    return PublicityResult(
        purpose=details.purpose,
        people=tuple(identity(other.person).name for other, _record in taken),
        branch=branch,
        starts_on=notice.starts_on if notice else None,
        ends_on=notice.ends_on if notice else None,
        places=notice.place if notice else "",
        objections=sum(counts),
        conclusion=details.conclusion,
        on=record.on,
    )
