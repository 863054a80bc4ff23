"""How each paper is filled, by its code, and the names under which it is saved."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from members.recruitment.engine.facts import Fact
from members.recruitment.queries.files import CaseFile

from ..admission import FormDraft
from . import admitting, cultivating, letters, lists, probating
from .left import Line, printable

FILLS: dict[str, Callable[[CaseFile, Fact], Any]] = {
    "application_letter": letters.application_letter,
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
    "conversion_application": letters.conversion_application,
    "conversion_resolution": admitting.conversion_resolution,
}
DRAFTED: dict[str, Callable[[CaseFile], Any]] = {
    "cultivation_register": cultivating.cultivation_register,
    "membership_form_draft": admitting.form_draft,
    "probation_inspection": probating.probation_inspection,
    "dossier_index": probating.dossier_index,
}
# The one paper that states protected fields: box of the form, field of the archive.
PROTECTED = {"membership_form_draft": {"id_no": "id_no", "address": "current_address"}}


def fill(file: CaseFile, line: Line) -> Any:
    """Return the facts of a paper; protected fields are left out, see ``with_protected``."""
    if line.code in DRAFTED:
        return DRAFTED[line.code](file)
    assert line.record is not None
    return FILLS[line.code](file, line.record)


def with_protected(facts: FormDraft, said: dict[str, str]) -> FormDraft:
    """Return the draft sheet with what its reader may see of the protected fields."""
    boxes = {box: said[field] for box, field in PROTECTED["membership_form_draft"].items() if field in said}
    return replace(facts, person=replace(facts.person, **boxes))


def find(file: CaseFile, code: str, record: int | None = None) -> Line | None:
    """Return the paper of ``code`` that can be printed now: of one record, or else the latest."""
    found = [line for line in printable(file) if line.code == code]
    if record is not None:
        found = [line for line in found if line.record and line.record.key == record]
    return found[-1] if found else None
