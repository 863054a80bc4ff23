"""The results of an appraisal as a workbook."""

from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports.exports import workbook
from portal.web.refusals import RuleError

from .models import Appraisal
from .queries import people_of
from .rules import Stage


@transaction.atomic
def results_workbook(appraisal: Appraisal, *, by: User) -> IO[bytes]:
    """Write what was decided on everybody, and record who took it along; no counts of ballots are in it.

    Raises ``RuleError`` before the superior has confirmed.
    """
    if appraisal.state not in (Stage.CONFIRMED, Stage.CLOSED):
        raise RuleError(_("The results can be taken along when the superior has confirmed them."))
    columns = [
        (_("Number"), 16), (_("Name"), 12), (_("Standing"), 14), (_("Branch"), 30), _("Year"), (_("Grade"), 14),
        (_("Opinion of the committee"), 50), (_("Told on"), 12),
    ]  # fmt: skip
    taken = workbook(columns, _rows(appraisal), sheet=str(appraisal.year))
    audit.record("appraisals.results.exported", appraisal, by=by)
    return taken


def _rows(appraisal: Appraisal) -> Iterator[list[Any]]:
    for row in people_of(appraisal):
        yield [
            row.user.number,
            row.user.name,
            str(row.get_standing_display()),
            appraisal.organization.name,
            appraisal.year,
            str(row.get_grade_display()) if row.grade else _("without a grade"),
            row.words,
            row.told_on,
        ]
