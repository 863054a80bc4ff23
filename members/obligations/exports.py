"""The due board as a workbook."""

from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports.exports import workbook
from portal.organizations.models import Organization
from portal.rulesets.words import article_words

from .engine.evaluate import Obligation, Status
from .engine.periods import Period
from .kinds import DutyKind
from .queries.board import board_of
from .wording import STATUS_LABELS, day_words, period_words


@transaction.atomic
def board_workbook(
    node: Organization,
    month: Period,
    *,
    words: str,
    kind: DutyKind | None,
    status: Status | None,
    by: User,
    on: date,
) -> IO[bytes]:
    """Write one line for each duty of the nodes on and below ``node``, and record who took it along."""
    found = board_of(node, month, on=on, words=words)
    lines = [
        (row.node, owed)
        for row in found.filtered(kind=kind or "", status=status or "")
        for owed in row.owed.values()
        if (kind is None or owed.kind is kind) and (status is None or owed.status is status)
    ]
    columns = [
        (_("Organization"), 30), (_("Code"), 16), (_("Duty"), 24), (_("Period"), 16), _("Owed"), _("Held"),
        (_("How it stands"), 14), (_("Last day"), 12), (_("Held on"), 24), (_("Planned for"), 24), (_("Rule"), 40),
    ]  # fmt: skip
    taken = workbook(columns, _rows(lines), sheet=month.code)
    audit.record(
        "obligations.exported", None, by=by, at=node,
        changes={"month": ["", month.code], "rows": [0, len(lines)]},
    )  # fmt: skip
    return taken


def _rows(lines: list[tuple[Organization, Obligation]]) -> Iterator[list[Any]]:
    for node, owed in lines:
        yield [
            node.name,
            node.code,
            str(owed.kind.label),
            period_words(owed.period),
            owed.needed,
            owed.held,
            str(STATUS_LABELS[owed.status]),
            owed.due_on,
            ", ".join(day_words(record.on) for record in owed.satisfied_by),
            ", ".join(day_words(record.on) for record in owed.planned),
            article_words(owed.article),
        ]
