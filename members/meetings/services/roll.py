"""The chair's list: the roll called by hand, who left early, what was unusual, and what was made up afterwards."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.audit.services import record, record_many
from portal.organizations.models import Standing
from portal.web.refusals import RuleError

from .. import signals
from ..models import Attendance, AttendanceState, Capacity, CheckInMeans, CheckInNote, Meeting, MeetingState
from ..rules.day import window_of
from .planning import held
from .sitting import state_at_the_end
from .studying import settle_hours

# When the list can be changed: while people come in, and afterwards as long as nobody objects (``signals.correcting``).
_OPEN = (MeetingState.CONVENED, MeetingState.IN_SESSION, MeetingState.ENDED)


@transaction.atomic
def call_roll(
    meeting: Meeting, chosen: Collection[int], *, by: User, at: datetime, means: str = CheckInMeans.LIST
) -> int:
    """Note those of the chosen attendances as come in who are not yet; return how many they were.

    ``means`` is the list, or the online meeting. After the end this says that they were there from the beginning.
    """
    meeting = _held(meeting, at)
    rows = _rows(meeting, chosen).filter(checked_in_at=None)
    when = at if meeting.ended_at is None else meeting.started_at
    return _write(meeting, rows, "meetings.roll_called", by=by, checked_in_at=when, means=means)


def call_online(meeting: Meeting, chosen: Collection[int], *, by: User, at: datetime) -> int:
    """Note the chosen as taking part in the online meeting; return how many they were."""
    return call_roll(meeting, chosen, by=by, at=at, means=CheckInMeans.ONLINE)


@transaction.atomic
def undo_check_in(meeting: Meeting, chosen: Collection[int], *, by: User, at: datetime) -> int:
    """Take back that the chosen came in; return how many had."""
    meeting = _held(meeting, at)
    rows = _rows(meeting, chosen).exclude(checked_in_at=None)
    return _write(
        meeting, rows, "meetings.check_in_undone", by=by, checked_in_at=None, means="", left_at=None, device=""
    )


@transaction.atomic
def note_leaving(meeting: Meeting, chosen: Collection[int], *, by: User, at: datetime) -> int:
    """Note that the chosen left before the end; they count as present no longer. Return how many they were."""
    meeting = _held(meeting, at)
    if meeting.state != MeetingState.IN_SESSION:
        raise RuleError(_("The meeting is not in session."))
    rows = _rows(meeting, chosen).filter(left_at=None).exclude(checked_in_at=None)
    return _write(meeting, rows, "meetings.left_early", by=by, left_at=at)


@transaction.atomic
def note_return(meeting: Meeting, chosen: Collection[int], *, by: User, at: datetime) -> int:
    """Take back that the chosen left; return how many had."""
    meeting = _held(meeting, at)
    rows = _rows(meeting, chosen).exclude(left_at=None)
    return _write(meeting, rows, "meetings.came_back", by=by, left_at=None)


@transaction.atomic
def make_up(attendance: Attendance, *, words: str, by: User) -> Attendance:
    """Record how somebody made up for a meeting that was missed."""
    if not words.strip():
        raise RuleError({"words": _("Say how it was made up.")})
    missed = Attendance.objects.filter(
        pk=attendance.pk,
        meeting__state=MeetingState.ENDED,
        state__in=(AttendanceState.ABSENT, AttendanceState.LEAVE, AttendanceState.EXEMPT),
    )
    if not missed.update(state=AttendanceState.MADE_UP, made_up_words=words.strip()):
        raise RuleError(_("Only a meeting that has ended, and was missed, can be made up."))
    record(
        "meetings.made_up",
        attendance.meeting,
        by=by,
        about=attendance.user,
        changes={"state": [attendance.state, AttendanceState.MADE_UP]},
        reason=words,
    )
    return Attendance.objects.get(pk=attendance.pk)


@transaction.atomic
def confirm_later(note: CheckInNote, *, by: User, at: datetime) -> None:
    """Let a code count that a phone sent after its window: the person came in when it was shown."""
    meeting = _held(note.meeting, at)
    note = _unseen(note, CheckInNote.Kind.AFTER_WINDOW)
    rows = Attendance.objects.filter(meeting=meeting, user=note.user_id, checked_in_at=None)
    _write(
        meeting, rows, "meetings.later_confirmed", by=by, checked_in_at=note.code_at, means=CheckInMeans.SENT_LATER
    )
    _look(note, at)


@transaction.atomic
def admit_observer(note: CheckInNote, *, by: User, at: datetime) -> Attendance:
    """Let somebody in who is outside the circle: as an observer, without a vote."""
    meeting = _held(note.meeting, at)
    note = _unseen(note, CheckInNote.Kind.NOT_INVITED)
    attendance, is_new = Attendance.objects.get_or_create(
        meeting=meeting,
        user_id=note.user_id,
        defaults={
            "capacity": Capacity.OBSERVER,
            "standing": rights_of(note.user).standing or Standing.MASS,
            "checked_in_at": note.at,
            "means": CheckInMeans.LIST,
            "state": AttendanceState.PRESENT if meeting.ended_at is not None else "",
        },
    )
    if is_new:
        record("meetings.observer_admitted", meeting, by=by, about=note.user)
        if meeting.state == MeetingState.ENDED:
            settle_hours(meeting, by=by)
        signals.checked_in.send(Meeting, meeting=meeting, attendance=attendance, by=by)
    _look(note, at)
    return attendance


@transaction.atomic
def look_at(note: CheckInNote, *, by: User, at: datetime) -> None:
    """Put a remark aside: the chair has seen it, and nothing follows from it."""
    note = _unseen(note)
    _look(note, at)
    record("meetings.remark_seen", note.meeting, by=by, about=note.user, changes={"kind": [note.kind, ""]})


def _held(meeting: Meeting, at: datetime) -> Meeting:
    """Return the meeting, held until the end of the transaction; raise ``RuleError`` when its list stands."""
    meeting = held(meeting)
    if meeting.state not in _OPEN:
        raise RuleError(_("The list of this meeting cannot be changed now."))
    if meeting.state == MeetingState.CONVENED and at not in window_of(meeting.planned_at, meeting.planned_until):
        raise RuleError(_("The list is kept from an hour before the meeting on."))
    if meeting.state == MeetingState.ENDED:
        signals.correcting.send(Meeting, meeting=meeting)
    return meeting


def _rows(meeting: Meeting, chosen: Iterable[int]) -> QuerySet[Attendance]:
    return Attendance.objects.filter(meeting=meeting, pk__in=list(chosen))


def _write(meeting: Meeting, rows: QuerySet[Attendance], verb: str, *, by: User, **values: Any) -> int:
    """Change the rows as one set, with a line of the trail for each; return how many there were."""
    found = list(rows.select_related("user").select_for_update(of=("self",)))
    if not found:
        return 0
    taken = Attendance.objects.filter(pk__in=[row.pk for row in found])
    taken.update(**values)
    if meeting.state == MeetingState.ENDED:
        taken.update(state=state_at_the_end(meeting))
        settle_hours(meeting, by=by)
    record_many(
        verb,
        [(Meeting, meeting.pk, str(meeting), row.user_id, {"person": ["", row.user.name]}) for row in found],
        by=by,
        at=meeting.organization,
    )
    if values.get("checked_in_at") is not None:
        for row in found:
            row.checked_in_at, row.means = values["checked_in_at"], values["means"]
            signals.checked_in.send(Meeting, meeting=meeting, attendance=row, by=by)
    return len(found)


def _unseen(note: CheckInNote, kind: str = "") -> CheckInNote:
    """Return the remark, held; raise ``RuleError`` when somebody has looked at it already."""
    found = CheckInNote.objects.select_for_update().get(pk=note.pk)
    if found.seen_at is not None or (kind and found.kind != kind):
        raise RuleError(_("Somebody has looked at this remark already."))
    return found


def _look(note: CheckInNote, at: datetime) -> None:
    CheckInNote.objects.filter(pk=note.pk).update(seen_at=at)
