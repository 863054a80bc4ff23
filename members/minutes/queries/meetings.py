"""The minutes of one meeting, as its page shows them."""

from dataclasses import dataclass

from members.meetings.models import Meeting, MeetingPart, MeetingState
from portal.access.policy import may, scope
from portal.access.rights import AnyUser

from ..models import WRITTEN_OF, Minutes


@dataclass(frozen=True, slots=True)
class PartMinutes:
    """One kind of a sitting: its minutes when the reader may view them, and whether the reader may begin them."""

    part: MeetingPart
    minutes: Minutes | None
    may_begin: bool


def parts_of(user: AnyUser, meeting: Meeting) -> list[PartMinutes]:
    """Return the parts of a meeting in their order: at most three statements, before it is opened none.

    While the meeting is on there is something for those alone who lead it.
    """
    if meeting.state not in WRITTEN_OF:
        return []
    parts = list(meeting.parts.order_by("number").select_related("minutes"))
    seen = set(scope(user, "view", Minutes).filter(meeting=meeting).values_list("pk", flat=True))
    leads = any(getattr(part, "minutes", None) is None for part in parts) and may(user, "lead", meeting)
    rows = []
    for part in parts:
        minutes = getattr(part, "minutes", None)
        shown = minutes if minutes is not None and minutes.pk in seen else None
        rows.append(PartMinutes(part, shown, leads and minutes is None))
    if meeting.state == MeetingState.ENDED:
        return rows
    return [row for row in rows if row.minutes or row.may_begin]
