"""The candidate's two letters in print: what was handed in through the portal, else a frame for the letter on paper."""

from members.recruitment.engine.details import ApplicationFact
from members.recruitment.engine.facts import Fact
from members.recruitment.queries.files import CaseFile

from ..application import ApplicationLetter
from ..probation import ConversionApplication
from .words import probation_of


def application_letter(file: CaseFile, record: Fact) -> ApplicationLetter:
    details = record.details
    assert isinstance(details, ApplicationFact)
    return ApplicationLetter(
        applicant=file.person.user.name, submitted_on=record.on, received_on=details.received_on
    )


def conversion_application(file: CaseFile, record: Fact) -> ConversionApplication:
    since, until = probation_of(file.course(record.on))
    return ConversionApplication(
        applicant=file.person.user.name,
        branch=file.branch(record.on),
        probation_from=since,
        probation_to=until,
        submitted_on=record.on,
    )
