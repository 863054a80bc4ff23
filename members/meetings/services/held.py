"""Bring in sittings that were held, in sets: from books kept before, and for practice."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports.bulk import reserve_ids
from portal.organizations.models import Organization

from ..models import (
    AgendaItem,
    Answer,
    Attendance,
    AttendanceState,
    Capacity,
    CheckInMeans,
    LeaveState,
    Meeting,
    MeetingPart,
    MeetingState,
)
from ..rules.circles import Seat

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Held:
    """A sitting as a book tells it: ``came`` are minutes after the beginning by account, ``leave`` granted reasons."""

    organization: Organization
    kinds: Sequence[str]
    title: str
    began: datetime
    ended: datetime
    chair_id: int
    recorder_id: int
    seats: Mapping[int, Seat]
    came: Mapping[int, int]
    leave: Mapping[int, str] = field(default_factory=dict)
    agenda: Sequence[tuple[str, str, int]] = ()
    place: str = ""
    words: str = ""
    # False for what was never convened here, as when somebody enters it afterwards.
    was_convened: bool = True


@transaction.atomic
def record_held(sittings: Iterable[Held], *, by: User | None) -> list[Meeting]:
    """Write ended meetings with parts, agenda and attendance; the number of statements grows with batches alone.

    Nobody is told, and no listener of ``signals.closed`` is called: what follows from old books is entered with them.
    """
    rows = list(sittings)
    ids = reserve_ids(Meeting, len(rows))
    meetings: list[Meeting] = []
    parts: list[list[MeetingPart]] = []
    items: list[AgendaItem] = []
    attendances: list[Attendance] = []
    for pk, row in zip(ids, rows, strict=True):
        convened_at = row.began - timedelta(days=7) if row.was_convened else None
        meeting = Meeting(
            pk=pk, organization=row.organization, title=row.title, words=row.words, state=MeetingState.ENDED,
            planned_at=row.began, planned_until=row.ended, started_at=row.began, ended_at=row.ended,
            convened_at=convened_at, place=row.place, chair_id=row.chair_id,
            recorder_id=row.recorder_id, code_secret=secrets.token_bytes(32), created_by=by,
        )  # fmt: skip
        meetings.append(meeting)
        parts.append([MeetingPart(meeting_id=pk, kind=kind, number=place) for place, kind in enumerate(row.kinds, 1)])
        attendances += [_attendance(pk, row, seat) for seat in row.seats.values()]
    flat = [part for some in parts for part in some]
    for pk, part in zip(reserve_ids(MeetingPart, len(flat)), flat, strict=True):
        part.pk = pk
    for meeting, row, some in zip(meetings, rows, parts, strict=True):
        items += _agenda(meeting, row, {part.kind: part for part in some})
    Meeting.objects.bulk_create(meetings, batch_size=BATCH)
    MeetingPart.objects.bulk_create(flat, batch_size=BATCH)
    AgendaItem.objects.bulk_create(items, batch_size=BATCH)
    Attendance.objects.bulk_create(attendances, batch_size=BATCH)
    audit.record_many(
        "meetings.brought_in",
        ((Meeting, meeting.pk, meeting.title, None, {}, meeting.organization_id) for meeting in meetings),
        by=by,
    )
    return meetings


def _agenda(meeting: Meeting, row: Held, parts: Mapping[str, MeetingPart]) -> Iterable[AgendaItem]:
    """Take the matters up one after another, as far as the time reached."""
    at = row.began
    for number, (kind, title, minutes) in enumerate(row.agenda, start=1):
        begun, done = min(at, row.ended), min(at + timedelta(minutes=minutes), row.ended)
        yield AgendaItem(
            meeting=meeting, part=parts[kind], number=number, title=title, minutes=minutes, started_at=begun,
            ended_at=done,
        )  # fmt: skip
        at = done


def _attendance(meeting_id: int, row: Held, seat: Seat) -> Attendance:
    """Say what became of one seat, as the end of a sitting does."""
    came = row.came.get(seat.user_id)
    words = row.leave.get(seat.user_id, "")
    before = row.began - timedelta(days=2)
    state = ""
    if came is not None:
        state = AttendanceState.LATE if came > settings.MEETING_LATE_MINUTES else AttendanceState.PRESENT
    elif seat.capacity == Capacity.DUE:
        missing = AttendanceState.LEAVE if words else AttendanceState.ABSENT
        state = AttendanceState.EXEMPT if seat.exempt_words else missing
    return Attendance(
        meeting_id=meeting_id,
        user_id=seat.user_id,
        capacity=seat.capacity,
        standing=seat.standing,
        may_vote=seat.may_vote,
        exempt_words=seat.exempt_words,
        excluded_words=seat.excluded_words,
        answer=Answer.LEAVE if words else Answer.ATTEND if came is not None else "",
        answered_at=before if words or came is not None else None,
        leave_words=words,
        leave_state=LeaveState.APPROVED if words else "",
        leave_decided_by_id=row.chair_id if words else None,
        leave_decided_at=before if words else None,
        state=state,
        checked_in_at=None if came is None else row.began + timedelta(minutes=came),
        means=CheckInMeans.QR if came is not None else "",
    )
