"""From the letter to the sponsors: stages A to C, without publicity and filing lists."""

from datetime import date

from members.recruitment.engine.details import (
    ContactNoteFact,
    ContactsFact,
    InspectionFact,
    NominationFact,
    OpinionsFact,
    PoliticalReviewFact,
    ReportFact,
    SponsorsFact,
    TalkFact,
    TrainingFact,
)
from members.recruitment.engine.facts import Fact
from members.recruitment.queries.files import CaseFile

from ..application import TalkRecord
from ..cultivation import ContactAssignment, ContactNote, CultivationRegister, Inspection, Look, Recommendation
from ..people import Period
from ..target import HeardOpinion, OpinionRecord, PoliticalReview, ReviewedPerson, Sponsor, SponsorRecord, TrainingNote
from .words import history_of, identity, named_in, names_in, quarter_of, quarter_words, span_of, span_words

TRAINED = {True: "合格", False: "不合格"}


def talk_record(file: CaseFile, record: Fact) -> TalkRecord:
    details = record.details
    assert isinstance(details, TalkFact)
    talker = identity(file.people.get(details.talker.key), details.talker)
    return TalkRecord(
        person=identity(file.person),
        applied_on=file.course().day_of("apply"),
        talker=talker.name,
        talker_post=talker.post,
        on=record.on,
        impression=details.opinion,
    )


def recommendation(file: CaseFile, record: Fact) -> Recommendation:
    """The portal holds the count of the committee; that of the meeting before it is written by hand."""
    details = record.details
    assert isinstance(details, NominationFact)
    return Recommendation(
        person=identity(file.person),
        branch=file.branch(record.on),
        by_league=details.by_league,
        applied_on=file.course().day_of("apply"),
        recommended_on=details.recommended_on,
        decided_on=record.on,
    )


def contact_assignment(file: CaseFile, record: Fact) -> ContactAssignment:
    details = record.details
    assert isinstance(details, ContactsFact)
    return ContactAssignment(
        person=identity(file.person),
        branch=file.branch(record.on),
        activist_on=file.course(record.on).activist_on,
        assigned_on=record.on,
        contacts=named_in(file, details.contacts),
    )


def cultivation_register(file: CaseFile, _record: Fact | None = None) -> CultivationRegister:
    course = file.course()
    return CultivationRegister(
        person=identity(file.person),
        branch=file.branch(),
        applied_on=course.day_of("apply"),
        activist_on=course.activist_on,
        contacts=names_in(file, course.contacts),
        history=history_of(file),
        rewards="\n".join(file.awards),
        notes=_notes(file, "cultivate"),
        inspections=tuple(_look(file, record) for record in file.records_of("cultivate", InspectionFact.kind)),
        trainings=tuple(_trained(record) for record in file.records_of("training", TrainingFact.kind)),
    )


def inspection(file: CaseFile, record: Fact) -> Inspection:
    course = file.course(record.on)
    return Inspection(
        person=identity(file.person),
        branch=file.branch(record.on),
        activist_on=course.activist_on,
        contacts=names_in(file, course.contacts),
        look=_look(file, record),
    )


def _look(file: CaseFile, record: Fact) -> Look:
    details = record.details
    assert isinstance(details, InspectionFact)
    return Look(period=inspected(file, record), conclusion=details.opinion, on=record.on)


def inspected(file: CaseFile, record: Fact) -> str:
    """Return which stretch of cultivation or of probation an inspection is about."""
    course = file.course(record.on)
    if record.step == "cultivate":
        since, months = course.cultivated_since(record.on), file.rules.amount("inspection.interval")
    else:
        since, months = course.day_of("approve"), file.rules.amount("probation.inspection_interval")
    before = [
        other
        for other in file.records_of(record.step, InspectionFact.kind)
        if since and since <= other.on <= record.on
    ]
    return span_words(span_of(since, len(before) or 1, months))


def _notes(file: CaseFile, step: str) -> tuple[ContactNote, ...]:
    found = []
    for record in file.records_of(step, ContactNoteFact.kind):
        details = record.details
        assert isinstance(details, ContactNoteFact)
        author = identity(file.people.get(details.author.key), details.author)
        found.append(ContactNote(quarter_of(record.on), details.note, author.name, record.on))
    return tuple(found)


def _trained(record: Fact) -> Period:
    details = record.details
    assert isinstance(details, TrainingFact)
    words = f"发展对象短期集中培训，{details.days}天、{details.hours}学时，{TRAINED[details.has_passed]}"
    return Period(details.starts_on, details.ends_on, words)


def opinion_record(file: CaseFile, record: Fact) -> OpinionRecord:
    details = record.details
    assert isinstance(details, OpinionsFact)
    return OpinionRecord(
        person=identity(file.person),
        branch=file.branch(record.on),
        for_conversion=record.step == "convert_congress",
        opinions=tuple(HeardOpinion(circle) for circle in details.heard),
        conclusion=details.opinion,
        on=record.on,
    )


def sponsor_record(file: CaseFile, record: Fact) -> SponsorRecord:
    details = record.details
    assert isinstance(details, SponsorsFact)
    course = file.course(record.on)
    contacts = {person.key for person in course.contacts}
    return SponsorRecord(
        person=identity(file.person),
        branch=file.branch(record.on),
        target_on=course.listed_on,
        settled_on=record.on,
        sponsors=tuple(
            Sponsor(
                person=identity(file.people.get(person.key), person),
                full_member_on=_full_since(file, person.key),
                knows="培养联系人" if person.key in contacts else "",
            )
            for person in details.sponsors
        ),
    )


def _full_since(file: CaseFile, key: int) -> date | None:
    member = file.people.get(key)
    return member.converted_on if member else None


def political_review(file: CaseFile, record: Fact) -> PoliticalReview:
    """What was asked and answered; the letters themselves stay sealed and are not even named by content."""
    details = record.details
    assert isinstance(details, PoliticalReviewFact)
    name = file.person.user.name
    own = [
        ReviewedPerson(relation="本人", name=name, method=method)
        for method, was_done in (("谈话", details.talked), ("查阅档案", details.files_read))
        if was_done
    ]
    asked = [
        ReviewedPerson(
            relation=letter.subject,
            method="函调",
            received_on=letter.replied_on,
            result="已回函" if letter.replied_on else "未回函",
        )
        for letter in details.letters
    ]
    return PoliticalReview(
        person=identity(file.person),
        branch=file.branch(record.on),
        target_on=file.course(record.on).listed_on,
        reviewed=(*own, *asked),
        outcome=details.outcome,
        conclusion=details.conclusion,
        on=record.on,
    )


def training_note(file: CaseFile, record: Fact) -> TrainingNote:
    details = record.details
    assert isinstance(details, TrainingFact)
    return TrainingNote(
        person=identity(file.person),
        name="发展对象短期集中培训",
        starts_on=details.starts_on,
        ends_on=details.ends_on,
        hours=details.hours,
        days=details.days,
        result=TRAINED[details.has_passed],
        certificate=details.certificate,
        on=record.on,
    )


def reports_of(file: CaseFile) -> tuple[tuple[str, date], ...]:
    """Return the accepted thought reports of the case, each with its quarter and day."""
    found = []
    for fact in file.facts.records:
        if isinstance(fact.details, ReportFact):
            found.append((quarter_words(fact.details.year, fact.details.quarter), fact.on))
    return tuple(found)
