"""Take papers along: filled from the case, and kept in the trail of everybody they are about."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from members.fields import SENSITIVE
from members.models import Member
from portal.access.policy import may
from portal.accounts.models import User
from portal.audit import services as audit

from ..models import Case
from ..papers.filling.left import Line
from ..papers.filling.letters import WRITTEN
from ..papers.filling.table import PROTECTED, fill, with_protected
from ..queries.files import CaseFile, with_letter

TAKEN = "recruitment.paper.exported"


@transaction.atomic
def take_paper(file: CaseFile, line: Line, *, format: str, by: User) -> Any:
    """Return the facts of a paper for ``by`` to take along; the person can see in the own trail that it was taken.

    Protected fields stand in full only for the person and for those who may reveal them, for others masked.
    """
    if kind := WRITTEN.get(line.code):
        file = with_letter(file, kind)
    facts = fill(file, line)
    changes = {"paper": ["", line.code], "format": ["", format]}
    if fields := PROTECTED.get(line.code):
        said, full = _protected(file.person, fields.values(), by)
        facts = with_protected(facts, said)
        changes["fields"] = ["", sorted(said) if full else []]
    audit.record(TAKEN, file.case, by=by, about=file.person.user, changes=changes)
    return facts


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
