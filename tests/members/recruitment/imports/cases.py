"""Lists of running cases made in memory, from one lawful file of an activist and one of a target."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Member
from members.recruitment.imports.columns import COLUMNS
from portal.imports import services
from portal.imports.models import ImportRow, ImportRun
from portal.imports.registry import kinds
from tests.portal.imports.lists import book, worked
from tests.world import World

HEADINGS = {column.code: column.heading for column in COLUMNS}
ACTIVIST = {
    "number": "", "name": "Author", "applied_on": "2025-03-03", "talk_on": "2025-03-20", "talker": "Contact",
    "recommended_on": "2025-06-03", "by_league": "团组织推优", "activist_on": "2025-06-10", "activist_votes": "5/5/5",
    "filed_on": "2025-06-20", "contacts": "Contact、Member", "contacts_on": "2025-06-21",
    "inspections": "2025-12-01、2026-06-01",
    "papers": "入党申请书、谈话记录、推荐表、支委会会议记录、积极分子备案表",
}  # fmt: skip
TARGET = {
    **ACTIVIST, "name": "Target", "opinions_on": "2026-06-12", "target_on": "2026-06-15", "target_votes": "5/5/5/0/0",
    "consent_on": "2026-06-25", "sponsors": "Contact、Member", "sponsors_on": "2026-07-01",
    "political_on": "2026-09-01", "training_from": "2026-09-05", "training_to": "2026-09-07", "training_hours": "24",
    "review_on": "2026-09-20", "review_votes": "应到5人，实到5人，赞成5人，反对0人，弃权0人",
}  # fmt: skip

ADMITTED = {
    **TARGET, "name": "Probationary", "pre_review_on": "2026-09-25", "form_on": "2026-09-28",
    "admission_from": "2026-10-09", "admission_to": "2026-10-19", "admission_result_on": "2026-10-20",
    "congress_on": "2026-10-21", "due": "10", "present": "9", "yes": "8", "no": "0", "abstain": "1",
    "superior_talk_on": "2026-10-28", "superior_talker": "Secretary", "approved_on": "2026-11-06",
    "approval_votes": "9/8/8", "filed_above_on": "2026-11-09", "assigned_on": "2026-11-10", "oath_on": "2026-11-12",
}  # fmt: skip
CONVERTED = {
    "name": "", "applied_on": "2021-03-03", "talk_on": "2021-03-20", "talker": "Contact",
    "recommended_on": "2021-06-03", "activist_on": "2021-06-10", "activist_votes": "5/5/5", "filed_on": "2021-06-20",
    "contacts": "Contact", "contacts_on": "2021-06-21", "inspections": "2021-12-01、2022-06-01",
    "opinions_on": "2022-06-12", "target_on": "2022-06-15", "target_votes": "5/5/5", "consent_on": "2022-06-25",
    "sponsors": "Contact、Member", "sponsors_on": "2022-07-01", "political_on": "2022-09-01",
    "training_from": "2022-09-05", "training_to": "2022-09-07", "review_on": "2022-09-20", "review_votes": "5/5/5",
    "pre_review_on": "2022-10-10", "form_on": "2022-10-12", "admission_from": "2022-10-13",
    "admission_to": "2022-10-21", "admission_result_on": "2022-10-24", "congress_on": "2022-10-26",
    "due": "10", "present": "9", "yes": "9", "superior_talk_on": "2022-11-01", "superior_talker": "Secretary",
    "approved_on": "2022-11-10", "approval_votes": "9/8/8", "filed_above_on": "2022-11-12",
    "assigned_on": "2022-11-12", "oath_on": "2022-11-15", "probation_inspections": "2023-05-01、2023-10-20",
    "convert_applied_on": "2023-10-10", "convert_opinions_on": "2023-10-26", "convert_from": "2023-10-26",
    "convert_to": "2023-11-03", "convert_result_on": "2023-11-04", "convert_review_on": "2023-11-05",
    "convert_review_votes": "5/5/5", "convert_on": "2023-11-08", "convert_votes": "10/9/9",
    "convert_outcome": "按期转正", "convert_approved_on": "2023-11-20", "convert_approval_votes": "9/8/8",
}  # fmt: skip


def settle_archives(world: World) -> None:
    """Let the cast be of age, and those who vouch be full members for long."""
    Member.objects.exclude(organization=None).update(birth_date="2004-05-01")
    full = Member.objects.filter(user__in=[world.users[name] for name in ("contact", "member", "secretary")])
    full.update(birth_date="1980-05-01", joined_on="2009-06-01", converted_on="2010-06-01")


def row(world: World, who: str = "author", base: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    values = {**(ACTIVIST if base is None else base), **changes}
    values.setdefault("number", "")
    return {**values, "number": values["number"] or world.users[who].number}


def listed(*rows: dict[str, Any]) -> SimpleUploadedFile:
    """Return a workbook of these rows, with the columns that one of them fills."""
    codes = [code for code in HEADINGS if any(code in values for values in rows)]
    return book(
        [HEADINGS[code] for code in codes], *([values.get(code, "") for code in codes] for values in rows)
    )


def brought(world: World, *rows: dict[str, Any], by: str = "college", place: str = "unit") -> ImportRun:
    """Upload a list and have it checked."""
    kind = kinds.get("recruitment-cases")
    run = services.start_import(kind, organization=world.nodes[place], upload=listed(*rows), by=world.user(by))
    return worked(run)


def codes_of(run: ImportRun, number: int = 2) -> set[str]:
    """Return what was found in a row, without the notes that every row has."""
    staged = ImportRow.objects.get(run=run, number=number)
    return {code for code, _column, _params in staged.findings} - {"proves", "papers_missing"}


def outcome_of(run: ImportRun, number: int = 2) -> str:
    return ImportRow.objects.get(run=run, number=number).outcome
