"""Take papers along: filled from the case, and kept in the trail of everybody they are about."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from members.fields import SENSITIVE
from members.models import Member
from portal.access.policy import may
from portal.accounts.models import User
from portal.audit import services as audit

from ..models import Case, LetterKind
from ..papers.filling.left import WRITTEN, Line
from ..papers.filling.table import PROTECTED, RETOLD, fill, with_protected
from ..printing import paper_of
from ..queries.files import CaseFile, letter_of, with_letter

TAKEN = "recruitment.paper.exported"


@transaction.atomic
def take_paper(file: CaseFile, line: Line, *, format: str, by: User) -> Any:
    """Return the facts of a paper for ``by`` to take along; the person can see in the own trail that it was taken.

    Protected fields stand in full only for the person and for those who may reveal them, for others masked.
    """
    facts = _letter(file, line.code) if line.code in WRITTEN else fill(_read(file, line.code), line)
    changes: dict[str, list[Any]] = {"paper": ["", line.code], "format": ["", format]}
    if fields := PROTECTED.get(line.code):
        said, full = _protected(file.person, fields.values(), by)
        facts = with_protected(facts, said)
        changes["fields"] = ["", sorted(said) if full else []]
    audit.record(TAKEN, file.case, by=by, about=file.person.user, changes=changes)
    return facts


def _letter(file: CaseFile, code: str) -> Any:
    letter = letter_of(file.case, WRITTEN[code])
    assert letter is not None  # ``lines_of`` offers the paper only where the letter came through the portal
    version = letter.review.versions.order_by("-number")[0]
    return paper_of(letter, version)[1]


def _read(file: CaseFile, code: str) -> CaseFile:
    return with_letter(file) if code in RETOLD and LetterKind.ADMISSION in file.letters else file


def _protected(person: Member, fields: Iterable[str], by: User) -> tuple[dict[str, str], bool]:
    full = person.user_id == by.pk or may(by, "reveal", person)
    values = {name: str(getattr(person, name) or "") for name in fields}
    return {
        name: value if full else SENSITIVE[name](value) for name, value in values.items() if value
    }, full


def take_list(code: str, files: Iterable[CaseFile], *, format: str, by: User) -> None:
    """Keep in the trail that ``by`` took a paper about several people along, one row about each."""
    rows = [
        (
            Case, file.case.pk, str(file.case), file.person.user_id,
            {"paper": ["", code], "format": ["", format]}, file.case.organization_id,
        )
        for file in files
    ]  # fmt: skip
    audit.record_many(TAKEN, rows, by=by)
