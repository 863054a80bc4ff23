"""A sitting from its opening to its end: the agenda taken up matter by matter, and everybody's attendance at last."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Max, Q, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.web.refusals import RuleError

from .. import signals
from ..models import AgendaItem, Attendance, AttendanceState, Capacity, LeaveState, Meeting, MeetingState
from ..rules.day import late_after, window_of
from .planning import held
from .seating import reseat
from .studying import settle_hours


@transaction.atomic
def open_meeting(meeting: Meeting, by: User, at: datetime) -> Meeting:
    """Open a convened sitting; the moment counts as its beginning."""
    meeting = held(meeting)
    if meeting.state == MeetingState.IN_SESSION:
        raise RuleError(_("The meeting is open already."))
    if meeting.state != MeetingState.CONVENED:
        raise RuleError(_("Only a meeting that was convened can be opened."))
    window = window_of(meeting.planned_at, meeting.planned_until)
    if at < window.first:
        raise RuleError(_("It is too early: a meeting is opened an hour before it begins at the earliest."))
    if at > window.last:
        raise RuleError(_("The meeting was not held at its time. Call it off and convene it anew."))
    # Who is due and who may vote is as it stands on the day itself.
    reseat(meeting)
    if not Attendance.objects.filter(meeting=meeting, capacity=Capacity.DUE).exists():
        raise RuleError(_("Nobody is due at this meeting."))
    meeting.state, meeting.started_at = MeetingState.IN_SESSION, at
    meeting.save(update_fields=["state", "started_at"])
    record("meetings.opened", meeting, by=by)
    signals.opened.send(Meeting, meeting=meeting, by=by)
    return meeting


@transaction.atomic
def take_up(item: AgendaItem, by: User, at: datetime) -> AgendaItem:
    """Take up a matter; the one before it is done with that. A matter taken up again keeps its first moment."""
    meeting = _in_session(item.meeting_id)
    item = AgendaItem.objects.get(pk=item.pk)
    if item.started_at is not None and item.ended_at is None:
        return item
    _end_open_matter(meeting, at)
    item.started_at, item.ended_at = item.started_at or at, None
    item.save(update_fields=["started_at", "ended_at"])
    record("meetings.item_taken_up", meeting, by=by, changes={"item": ["", item.title]})
    return item


@transaction.atomic
def finish(item: AgendaItem, by: User, at: datetime) -> AgendaItem:
    """Be done with the matter that is on."""
    meeting = _in_session(item.meeting_id)
    if not AgendaItem.objects.filter(pk=item.pk, started_at__isnull=False, ended_at=None).update(ended_at=at):
        raise RuleError(_("This matter is not being dealt with."))
    record("meetings.item_finished", meeting, by=by, changes={"item": [item.title, ""]})
    item.refresh_from_db()
    return item


@transaction.atomic
def close_meeting(meeting: Meeting, by: User, at: datetime, *, ended_at: datetime | None = None) -> Meeting:
    """End the sitting: the last matter is done, and everybody's attendance stands.

    ``ended_at`` says when it was over where nobody closed it then. Raises ``RuleError`` for an end that is still to
    come, or before the last thing that was noted. Who listens to ``signals.closed`` may refuse by a ``RuleError``,
    which undoes the whole.
    """
    meeting = _in_session(meeting.pk)
    assert meeting.started_at is not None
    ended = max(at, meeting.started_at) if ended_at is None else ended_at
    if ended_at is not None:
        _refuse_end(meeting, ended_at, at)
    _end_open_matter(meeting, ended)
    meeting.state, meeting.ended_at = MeetingState.ENDED, ended
    meeting.save(update_fields=["state", "ended_at"])
    # The marks of devices have told what they could.
    Attendance.objects.filter(meeting=meeting).update(state=state_at_the_end(meeting), device="")
    settle_hours(meeting, by=by)
    record("meetings.closed", meeting, by=by)
    signals.closed.send(Meeting, meeting=meeting, by=by)
    return meeting


def _refuse_end(meeting: Meeting, ended_at: datetime, at: datetime) -> None:
    """Raise ``RuleError`` when the sitting cannot have ended at ``ended_at``."""
    if ended_at > at:
        raise RuleError({"ended_at": _("This time is still to come.")})
    noted = [meeting.started_at]
    people, matters = Attendance.objects.filter(meeting=meeting), meeting.agenda
    noted += people.aggregate(came=Max("checked_in_at"), left=Max("left_at")).values()
    noted += matters.aggregate(began=Max("started_at"), done=Max("ended_at")).values()
    last = max(moment for moment in noted if moment is not None)
    if ended_at < last:
        words = _("Something was noted at %(time)s: the meeting went on until then at least.")
        raise RuleError({"ended_at": words % {"time": date_format(timezone.localtime(last), "SHORT_DATETIME_FORMAT")}})


def state_at_the_end(meeting: Meeting) -> Case:
    """Return the expression for what became of each attendance of a sitting that has ended.

    Whoever came in was there, excused or not. Observers owe nothing: one that did not come has no state.
    """
    assert meeting.started_at is not None
    in_time = late_after(meeting.planned_at, meeting.started_at, minutes=settings.MEETING_LATE_MINUTES)
    return Case(
        When(checked_in_at__gt=in_time, then=Value(AttendanceState.LATE)),
        When(checked_in_at__isnull=False, then=Value(AttendanceState.PRESENT)),
        When(state=AttendanceState.MADE_UP, then=F("state")),
        When(capacity=Capacity.OBSERVER, then=Value("")),
        When(~Q(exempt_words=""), then=Value(AttendanceState.EXEMPT)),
        When(leave_state=LeaveState.APPROVED, then=Value(AttendanceState.LEAVE)),
        default=Value(AttendanceState.ABSENT),
    )


def _in_session(meeting_id: int) -> Meeting:
    """Return the meeting, held until the end of the transaction; raise ``RuleError`` unless it is in session."""
    meeting = held(Meeting(pk=meeting_id))
    if meeting.state != MeetingState.IN_SESSION:
        raise RuleError(_("The meeting is not in session."))
    return meeting


def _end_open_matter(meeting: Meeting, at: datetime) -> None:
    AgendaItem.objects.filter(meeting=meeting, started_at__isnull=False, ended_at=None).update(ended_at=at)
