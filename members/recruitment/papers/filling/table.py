"""How each paper is filled, by its code, and the names under which it is saved."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from members.recruitment.engine.facts import Fact
from members.recruitment.queries.files import CaseFile

from ..admission import FormDraft
from . import admitting, cultivating, lists, probating
from .left import Line, printable

FILLS: dict[str, Callable[[CaseFile, Fact], Any]] = {
    "talk_record": cultivating.talk_record,
    "recommendation": cultivating.recommendation,
    "activist_filing": lists.activist_filing,
    "contact_assignment": cultivating.contact_assignment,
    "inspection": cultivating.inspection,
    "opinion_record": cultivating.opinion_record,
    "target_filing": lists.target_filing,
    "publicity_notice": lists.publicity_notice,
    "publicity_result": lists.publicity_result,
    "sponsor_record": cultivating.sponsor_record,
    "political_review_conclusion": cultivating.political_review,
    "training_certificate": cultivating.training_note,
    "committee_minutes": admitting.committee_minutes,
    "pre_review_reply": admitting.pre_review_reply,
    "ballot_summary": admitting.ballot_summary,
    "resolution": admitting.resolution,
    "talk_opinion": admitting.talk_opinion,
    "approval_notice": admitting.approval_notice,
    "admission_filing": lists.admission_filing,
    "assignment": probating.assignment,
    "oath_record": probating.oath_record,
    "conversion_resolution": admitting.conversion_resolution,
}
DRAFTED: dict[str, Callable[[CaseFile], Any]] = {
    "cultivation_register": cultivating.cultivation_register,
    "membership_form_draft": admitting.form_draft,
    "probation_inspection": probating.probation_inspection,
    "dossier_index": probating.dossier_index,
}
# Papers that repeat what the candidate wrote beside the application: a life, a family.
RETOLD = frozenset({"cultivation_register", "membership_form_draft"})
# The one paper that states protected fields: box of the form, field of the archive.
PROTECTED = {"membership_form_draft": {"id_no": "id_no", "address": "current_address"}}


def fill(file: CaseFile, line: Line) -> Any:
    """Return the facts of a paper; a letter is filled by ``printing``, protected fields by ``with_protected``."""
    if line.code in DRAFTED:
        return DRAFTED[line.code](file)
    assert line.record is not None
    return FILLS[line.code](file, line.record)


def fill_shared(code: str, taken: Sequence[tuple[CaseFile, Fact]], *, issuer: str, on: date | None = None) -> Any:
    """Return the facts of a paper that names several people; ``issuer`` is the branch, or whoever sends the list."""
    if code in ("activist_filing", "target_filing", "admission_filing"):
        return lists.filing_of(code, taken, branch=issuer, on=on)
    if code == "publicity_notice":
        return lists.notice_of(taken, issuer=issuer)
    if code == "publicity_result":
        return lists.result_of(taken, branch=issuer)
    if code == "oath_record":
        return replace(probating.oath_of(taken), organizer=issuer)
    if code == "pre_review_reply":
        reply = admitting.pre_review_reply(*taken[0])
        numbers = tuple(number for file, record in taken for number in admitting.form_numbers(file, record.on))
        people = tuple(file.person.user.name for file, _record in taken)
        return replace(reply, branch=issuer, people=people, form_numbers=numbers)
    raise LookupError(f"{code} names one person")


def with_protected(facts: FormDraft, said: dict[str, str]) -> FormDraft:
    """Return the draft sheet with what its reader may see of the protected fields."""
    asked = PROTECTED["membership_form_draft"].items()
    boxes: dict[str, Any] = {box: said[field] for box, field in asked if field in said}
    return replace(facts, person=replace(facts.person, **boxes))


def find(file: CaseFile, code: str, record: int | None = None) -> Line | None:
    """Return the paper of ``code`` that can be printed now: of one record, or else the latest."""
    found = [line for line in printable(file) if line.code == code]
    if record is not None:
        found = [line for line in found if line.record and line.record.key == record]
    return found[-1] if found else None
