"""How meetings are shown: tones of their states, and the clock of an agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .models import AgendaItem, LeaveState, Meeting, MeetingState

_TONES = {
    MeetingState.PLANNED: "neutral",
    MeetingState.CONVENED: "info",
    MeetingState.IN_SESSION: "waiting",
    MeetingState.ENDED: "success",
    MeetingState.CANCELLED: "danger",
}
_LEAVE_TONES = {LeaveState.ASKED: "waiting", LeaveState.APPROVED: "success", LeaveState.REFUSED: "danger"}


def tone_of(state: str) -> str:
    return _TONES.get(MeetingState(state), "neutral")


def leave_tone(state: str) -> str:
    return _LEAVE_TONES.get(LeaveState(state), "neutral") if state else "neutral"


@dataclass(frozen=True, slots=True)
class TimedItem:
    """One matter with the clock time at which it comes, or ``None`` once a matter before it has no length."""

    item: AgendaItem
    at: datetime | None
    is_first: bool
    is_last: bool
    # Taken up already: it stands as it is.
    stands: bool = False


def agenda_with_times(meeting: Meeting, items: Iterable[AgendaItem]) -> list[TimedItem]:
    """Reckon from the beginning when each matter comes."""
    at: datetime | None = meeting.planned_at
    rows = list(items)
    found = []
    for place, item in enumerate(rows):
        found.append(TimedItem(item, at, place == 0, place == len(rows) - 1, item.started_at is not None))
        at = at + timedelta(minutes=item.minutes) if at is not None and item.minutes else None
    return found
