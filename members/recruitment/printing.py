"""A candidate's letter on paper while it is on its way; ``papers.filling`` prints what is in the file."""

from members.models import Member
from portal.reviews.models import Version

from .engine.course import DAY
from .letters import tables_from_text
from .models import Letter, LetterKind
from .papers.application import ApplicationLetter
from .papers.probation import ConversionApplication
from .queries.letters import open_case_of, probation_in

PAPERS = {
    LetterKind.ADMISSION: "recruitment.application_letter",
    LetterKind.CONVERSION: "recruitment.conversion_application",
}


def paper_of(letter: Letter, version: Version) -> tuple[str, ApplicationLetter | ConversionApplication]:
    """Return the code of the paper that ``letter`` is, and what it says in ``version``."""
    kind = LetterKind(letter.kind)
    if kind == LetterKind.ADMISSION:
        return PAPERS[kind], _application(letter, version)
    return PAPERS[kind], _conversion(letter, version)


def _received_by(letter: Letter) -> str:
    decided = letter.review.decided_by
    return decided.name if decided and letter.received_on else ""


def _application(letter: Letter, version: Version) -> ApplicationLetter:
    tables = tables_from_text(letter.tables)
    return ApplicationLetter(
        applicant=letter.person.name,
        body=version.body,
        history=tables.history,
        family=tables.family,
        social_relations=tables.social_relations,
        submitted_on=letter.submitted_on,
        received_by=_received_by(letter),
        received_on=letter.received_on,
    )


def _conversion(letter: Letter, version: Version) -> ConversionApplication:
    tables = tables_from_text(letter.tables)
    person: Member = letter.person
    case = letter.case or open_case_of(person)
    probation = probation_in(case, on=letter.submitted_on) if case and letter.submitted_on else None
    return ConversionApplication(
        applicant=person.name,
        branch=str(case.organization if case else person.organization or ""),
        probation_from=probation.since if probation else None,
        probation_to=probation.convert_on - DAY if probation else None,
        body=version.body,
        faults=tables.faults,
        explanations=tables.explanations,
        submitted_on=letter.submitted_on,
        received_by=_received_by(letter),
        received_on=letter.received_on,
    )
