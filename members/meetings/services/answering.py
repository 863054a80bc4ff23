"""Answer an invitation, ask for leave before the meeting begins, and decide about it (domain.md 5.3)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from .. import signals
from ..models import Answer, Attendance, LeaveState, Meeting, MeetingState
from ..rules.day import last_decision_on_leave
from . import telling
from .planning import held
from .sitting import state_at_the_end

WORDS_MAX = 300


@transaction.atomic
def answer(meeting: Meeting, user: User, *, answer: str, words: str = "", at: datetime) -> Attendance:
    """Keep whether ``user`` comes or asks for leave; the last answer before the beginning counts.

    Raises ``RuleError`` once the meeting has begun or was to begin: leave is asked before, never after the fact.
    """
    meeting = held(meeting)
    row = meeting.attendances.select_for_update(of=("self",)).filter(user=user).first()
    if row is None:
        raise RuleError(_("You are not invited to this meeting."))
    if meeting.state == MeetingState.CANCELLED:
        raise RuleError(_("This meeting has been called off."))
    if meeting.state != MeetingState.CONVENED or at >= meeting.planned_at:
        raise RuleError(_("The meeting has begun. Leave is asked for before, not afterwards."))
    if answer not in Answer.values:
        raise RuleError(_("Say whether you will attend or ask for leave."))
    words = words.strip()
    if answer == Answer.LEAVE and not words:
        raise ValidationError({"words": _("Say why you cannot come.")})
    if len(words) > WORDS_MAX:
        raise ValidationError({"words": _("At most %(most)s characters.") % {"most": WORDS_MAX}})
    before = (row.answer, row.leave_words)
    if answer == Answer.LEAVE and before == (answer, words) and row.leave_state != LeaveState.REFUSED:
        return row
    row.answer, row.answered_at = answer, at
    row.leave_words = words if answer == Answer.LEAVE else ""
    row.leave_state = LeaveState.ASKED if answer == Answer.LEAVE else ""
    row.leave_decided_by, row.leave_decided_at = None, None
    row.save(
        update_fields=["answer", "answered_at", "leave_words", "leave_state", "leave_decided_by", "leave_decided_at"]
    )
    if answer == Answer.LEAVE:
        audit.record("meetings.leave_asked", meeting, by=user, about=user, changes={"leave": ["", LeaveState.ASKED]})
        telling.leave_asked(meeting, row, user)
    return row


@transaction.atomic
def decide_leave(attendance: Attendance, *, grants: bool, words: str = "", by: User, at: datetime) -> Attendance:
    """Grant or refuse leave that was asked for in time; nobody decides about the own leave. A refusal says why.

    What was asked for before the beginning and forgotten can be decided for some days after the end, as long as nobody
    objects to a correction of the list (``signals.correcting``).
    """
    meeting = held(attendance.meeting)
    row = (
        Attendance.objects.select_for_update(of=("self",)).select_related("user").get(pk=attendance.pk)
    )
    if row.user_id == by.pk:
        raise RuleError(_("Nobody decides about the own leave: ask another officer."))
    _refuse_decided(row)
    has_ended = meeting.ended_at is not None
    if meeting.state == MeetingState.CANCELLED or (
        meeting.ended_at is not None and at > last_decision_on_leave(meeting.ended_at)
    ):
        raise RuleError(_("The meeting is over; its attendance stands."))
    if not grants and not words.strip():
        raise ValidationError({"words": _("Say why.")})
    if has_ended:
        signals.correcting.send(Meeting, meeting=meeting)
    row.leave_state = LeaveState.APPROVED if grants else LeaveState.REFUSED
    row.leave_decided_by, row.leave_decided_at = by, at
    row.save(update_fields=["leave_state", "leave_decided_by", "leave_decided_at"])
    if has_ended:
        Attendance.objects.filter(pk=row.pk).update(state=state_at_the_end(meeting))
        row.refresh_from_db(fields=["state"])
    audit.record(
        "meetings.leave_decided", meeting, by=by, about=row.user, reason=words,
        changes={"leave": [LeaveState.ASKED, row.leave_state]},
    )  # fmt: skip
    telling.leave_decided(meeting, row, words=words.strip(), by=by)
    return row


def _refuse_decided(row: Attendance) -> None:
    """Raise ``RuleError`` unless the leave waits for a decision; whoever comes second hears what the first decided."""
    if row.leave_state == LeaveState.ASKED:
        return
    if row.leave_decided_at is None:
        raise RuleError(_("Leave is not asked for any more."))
    decided = timezone.localtime(row.leave_decided_at)
    words = _("%(name)s has decided already at %(time)s: %(leave)s.")
    raise RuleError(
        words
        % {
            "name": row.leave_decided_by.name if row.leave_decided_by else "–",
            "time": date_format(decided, "SHORT_DATETIME_FORMAT"),
            "leave": row.get_leave_state_display(),
        }
    )
