"""The candidate's two letters in print: what was handed in through the portal, else a frame for the letter on paper."""

from members.recruitment.engine.details import ApplicationFact
from members.recruitment.engine.facts import Fact
from members.recruitment.models import LetterKind
from members.recruitment.queries.files import CaseFile

from ..application import ApplicationLetter
from ..probation import ConversionApplication
from .words import probation_of

# Paper: the letter that it prints.
WRITTEN = {"application_letter": LetterKind.ADMISSION, "conversion_application": LetterKind.CONVERSION}


def application_letter(file: CaseFile, record: Fact) -> ApplicationLetter:
    details, letter = record.details, file.letter
    assert isinstance(details, ApplicationFact)
    frame = ApplicationLetter(
        applicant=file.person.user.name, submitted_on=record.on, received_on=details.received_on
    )
    if letter is None:
        return frame
    return ApplicationLetter(
        applicant=frame.applicant,
        body=letter.body,
        history=letter.tables.history,
        family=letter.tables.family,
        social_relations=letter.tables.social_relations,
        submitted_on=letter.submitted_on or frame.submitted_on,
        received_on=letter.received_on or frame.received_on,
    )


def conversion_application(file: CaseFile, record: Fact) -> ConversionApplication:
    since, until = probation_of(file.course(record.on))
    letter = file.letter
    return ConversionApplication(
        applicant=file.person.user.name,
        branch=file.branch(record.on),
        probation_from=since,
        probation_to=until,
        body=letter.body if letter else "",
        faults=letter.tables.faults if letter else "",
        explanations=letter.tables.explanations if letter else "",
        submitted_on=(letter.submitted_on if letter else None) or record.on,
        received_on=letter.received_on if letter else None,
    )
