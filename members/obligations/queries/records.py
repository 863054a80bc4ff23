"""What stands behind a light: the sittings that count with the state of their minutes, and the lectures of a period."""

from dataclasses import dataclass
from datetime import date

from members.meetings.models import Meeting, MeetingPart
from members.minutes.models import Minutes, MinutesState
from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.organizations.models import Organization

from ..engine.evaluate import Obligation, Record
from ..engine.periods import Period
from ..kinds import DUTIES, DutyKind
from ..models import LectureMark
from .reading import Reading


@dataclass(frozen=True, slots=True)
class Held:
    """A sitting that counts or will, with ``meeting`` for whoever may see it; ``is_sealed``: its minutes are."""

    on: date
    kinds: str
    meeting: Meeting | None
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class Lecture:
    """A lecture of the period: whether it counts as what the duty asks for, and whether somebody said so."""

    part: MeetingPart
    on: date
    counts: bool
    is_marked: bool


def held_for(user: AnyUser, owed: Obligation) -> list[Held]:
    """Return the sittings by which a duty was met, in part or whole: two statements, none without any."""
    keys = [record.ref for record in owed.satisfied_by]
    if not keys:
        return []
    seen = {row.pk: row for row in scope(user, "view", Meeting).filter(pk__in=keys)}
    sealed = set(
        Minutes.objects.filter(meeting__in=keys, kind=DUTIES[owed.kind].meeting, state=MinutesState.SEALED)
        .order_by()
        .values_list("meeting_id", flat=True)
    )
    return [
        Held(record.on, _kinds_of(record), seen.get(record.ref), record.ref in sealed)
        for record in owed.satisfied_by
    ]


def planned_for(user: AnyUser, owed: Obligation) -> list[Held]:
    """Return the sittings to come that will meet a duty: one statement, none without any."""
    if not owed.planned:
        return []
    seen = {row.pk: row for row in scope(user, "view", Meeting).filter(pk__in=[record.ref for record in owed.planned])}
    return [Held(record.on, _kinds_of(record), seen.get(record.ref), False) for record in owed.planned]


def _kinds_of(record: Record) -> str:
    return ", ".join(str(kind.label) for kind in DutyKind if kind in record.kinds)


def lectures_of(
    user: AnyUser, reading: Reading, node: Organization, kind: DutyKind, period: Period
) -> list[Lecture]:
    """Return the lectures of a node in a period that ``user`` sees: two statements."""
    own = [row for row in reading.records.get(node.pk, ()) if row.group is None and not row.is_planned]
    held = {row.ref: row for row in own if row.on in period}
    parts = {part: meeting for meeting, part in reading.parts.get(node.pk, {}).items() if meeting in held}
    marked = set(LectureMark.objects.filter(part__in=parts, kind=kind).values_list("part_id", flat=True))
    rows = scope(user, "view", MeetingPart).filter(pk__in=parts).select_related("meeting")
    return [
        Lecture(row, held[row.meeting_id].on, kind in held[row.meeting_id].kinds, row.pk in marked)
        for row in rows.order_by("meeting__started_at", "pk")
    ]
