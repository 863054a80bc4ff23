"""Tables of meetings: what was planned and convened, who is due, what was talked about, how people came in."""

from .attendance import (
    CAME,
    Answer,
    Attendance,
    AttendanceState,
    Capacity,
    CheckInMeans,
    CheckInNote,
    LeaveState,
)
from .kinds import MeetingKind
from .meetings import AgendaItem, Meeting, MeetingPart, MeetingState
from .planning import CalendarFeed, MeetingTemplate
from .seats import SeatRemark, SeatRemarkKind

__all__ = [
    "CAME",
    "AgendaItem",
    "Answer",
    "Attendance",
    "AttendanceState",
    "CalendarFeed",
    "Capacity",
    "CheckInMeans",
    "CheckInNote",
    "LeaveState",
    "Meeting",
    "MeetingKind",
    "MeetingPart",
    "MeetingState",
    "MeetingTemplate",
    "SeatRemark",
    "SeatRemarkKind",
]
