"""The month of a branch or committee as a workbook."""

from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports.exports import workbook
from portal.organizations.models import Organization

from .channels import label_of
from .months import as_text
from .queries.tables import PersonMonth, collecting_branches, month_of_node


@transaction.atomic
def month_workbook(node: Organization, month: date, *, by: User, on: date) -> IO[bytes]:
    """Write everyone who owes ``month`` in ``node`` and below, without any base, and record who took it along."""
    rows = month_of_node(node, month, on=on)
    names = {branch.path: branch.name for branch in collecting_branches(node, on=on)}
    columns = [
        (_("Branch"), 30), (_("Number"), 16), (_("Name"), 12), _("Month"), (_("State"), 16), _("Owed"), _("Paid"),
        _("Paid on"), _("How it was paid"), (_("Receipt"), 24), _("Months unpaid in a row"),
    ]  # fmt: skip
    taken = workbook(columns, _rows(rows, names, as_text(month)), sheet=as_text(month))
    audit.record("dues.exported", None, by=by, at=node, changes={"month": ["", as_text(month)], "rows": [0, len(rows)]})
    return taken


def _rows(rows: list[PersonMonth], names: dict[str, str], month: str) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            names.get(row.branch, ""),
            row.number,
            row.name,
            month,
            str(row.state.label),
            None if row.owed is None else float(row.owed),
            None if row.paid is None else float(row.paid.amount),
            row.paid.paid_on if row.paid else None,
            label_of(row.paid.channel) if row.paid else "",
            row.paid.receipt_no if row.paid else "",
            row.run,
        ]
