"""The attendance list of a sitting as a workbook."""

from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports.exports import workbook

from ..models import Attendance, Meeting
from ..queries.session import roll_of


@transaction.atomic
def list_workbook(meeting: Meeting, *, by: User) -> IO[bytes]:
    """Write who was due or invited and what came of it, and record who took the list along."""
    columns = [
        _("No."), (_("Number"), 16), (_("Name"), 12), (_("Standing"), 14), (_("As"), 24), (_("May vote"), 10),
        (_("Answer"), 12), (_("Leave"), 14), (_("Came in"), 18), (_("Checked in by"), 20), (_("Left at"), 18),
        (_("Attendance"), 12), (_("How it was made up"), 30),
    ]  # fmt: skip
    taken = workbook(columns, _rows(meeting), sheet=meeting.title)
    audit.record("meetings.list_exported", meeting, by=by)
    return taken


def _rows(meeting: Meeting) -> Iterator[list[Any]]:
    for number, row in enumerate(roll_of(meeting), 1):
        yield [
            number,
            row.user.number,
            row.user.name,
            str(row.get_standing_display()),
            _as(row),
            _("yes") if row.may_vote and not row.excluded_words else _("no"),
            str(row.get_answer_display()),
            str(row.get_leave_state_display()),
            row.checked_in_at,
            str(row.get_means_display()),
            row.left_at,
            str(row.get_state_display()),
            row.made_up_words,
        ]


def _as(row: Attendance) -> str:
    label = str(row.get_capacity_display())
    return f"{label} ({row.guest_words})" if row.guest_words else label
