"""Lists of cases as workbooks: what the pages show, nothing of what was said in a case."""

from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports.exports import workbook
from portal.organizations.models import Organization
from portal.rulesets.words import EDITION_TITLES

from .engine.steps import STEPS
from .models import Batch, Case
from .queries.listing import waiting_for
from .queries.takeovers import reports_of

CHUNK = 2000


@transaction.atomic
def cases_workbook(
    cases: QuerySet[Case], node: Organization, *, by: User, filters: dict[str, Any], on: date
) -> IO[bytes]:
    """Write ``cases`` row by row and record who took the list along, of which node and by which filters."""
    columns = [
        (_("Branch"), 30), (_("Number"), 16), (_("Name"), 12), (_("Stage"), 22), (_("Step"), 30), _("Standing"),
        _("State"), (_("How it ended"), 20), (_("Edition"), 30), _("Opened on"), (_("Waits for"), 30),
        _("Next due on"), _("Overdue since"), _("Gaps"), (_("Cultivated long enough on"), 16),
        (_("Probation ends on"), 16),
    ]  # fmt: skip
    counted = [0]
    taken = workbook(columns, _rows(cases, counted), sheet=f"{_('Recruitment')} {on:%Y-%m-%d}")
    audit.record(
        "recruitment.cases.exported",
        None,
        by=by,
        at=node,
        changes={
            "rows": [0, counted[0]],
            **{name: ["", str(value)] for name, value in filters.items() if name != "words"},
        },
    )
    return taken


def _rows(cases: QuerySet[Case], counted: list[int]) -> Iterator[list[Any]]:
    for case in cases.with_people().iterator(chunk_size=CHUNK):
        counted[0] += 1
        step = STEPS.get(case.current_step)
        yield [
            case.organization.name,
            case.person.number,
            case.person.name,
            str(case.get_stage_display()),
            str(step.label) if step else "",
            str(case.get_standing_display()),
            str(case.get_state_display()),
            str(case.get_closed_reason_display()),
            str(EDITION_TITLES.get(case.edition, case.edition)),
            case.opened_on,
            ", ".join(waiting_for(case)),
            case.next_due,
            case.overdue_since,
            case.gap_count,
            case.ready_on,
            case.probation_ends_on,
        ]


@transaction.atomic
def missing_workbook(cases: QuerySet[Case], batch: Batch, *, by: User, on: date) -> IO[bytes]:
    """Write what is missing in the files that a list brought, one line for each thing, and record who took it."""
    columns = [
        (_("Branch"), 30), (_("Number"), 16), (_("Name"), 12), (_("Stands at"), 30), (_("What it is"), 16),
        (_("Missing, or contradictory"), 60), (_("Belongs to the step"), 30), (_("Article"), 40),
    ]  # fmt: skip
    counted = [0]
    taken = workbook(columns, _missing_rows(cases, on, counted), sheet=f"{_('Missing in the files')} {on:%Y-%m-%d}")
    audit.record(
        "recruitment.missing.exported", batch, by=by, at=batch.organization, changes={"rows": [0, counted[0]]}
    )
    return taken


def _missing_rows(cases: QuerySet[Case], on: date, counted: list[int]) -> Iterator[list[Any]]:
    keys = list(cases.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        for report in reports_of(cases.filter(pk__in=keys[start : start + CHUNK]), on):
            case = report.case
            here = str(report.step.label) if report.step else ""
            head = [case.organization.name, case.person.number, case.person.name, here]
            for what, gaps in ((_("paper"), report.papers), (_("record"), report.records)):
                for gap in gaps:
                    counted[0] += 1
                    yield [*head, what, gap.label, str(gap.step.label), gap.source]
            for finding, (words, source) in zip(report.findings, report.contradictions, strict=True):
                counted[0] += 1
                yield [*head, _("contradiction"), words, str(STEPS[finding.step].label), source]
