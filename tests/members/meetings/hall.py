"""A branch congress that is about to begin: the cast of the world's branch, led by its secretary."""

from datetime import datetime, timedelta

from django.utils import timezone

from members.meetings import services
from members.meetings.models import Attendance, Meeting, MeetingKind
from members.meetings.rules.codes import scan_code, slot_of, typed_code
from tests.world import World

_K = MeetingKind
AGENDA = (
    services.Matter(kind=_K.BRANCH_CONGRESS, title="What was resolved", minutes=10),
    services.Matter(kind=_K.BRANCH_CONGRESS, title="Admission", minutes=30),
)


def congress(world: World, *, now: datetime | None = None, minutes: int = 30, node: str = "branch") -> Meeting:
    """Plan and convene a congress that begins in ``minutes``."""
    now = now or timezone.now()
    leader = {"branch": "secretary", "sibling": "neighbor"}[node]
    begins = now + timedelta(minutes=minutes)
    meeting = services.plan(
        world.nodes[node], kinds=[_K.BRANCH_CONGRESS], title=f"Congress of the {node}", planned_at=begins,
        planned_until=begins + timedelta(minutes=90), chair=world.user(leader), recorder=world.user(leader),
        agenda=AGENDA, by=world.user(leader), at=now,
    )  # fmt: skip
    return services.convene(meeting, by=world.user(leader), at=now)


def opened(world: World, *, now: datetime | None = None, minutes: int = 30) -> Meeting:
    """Return a congress in session since ``now``."""
    now = now or timezone.now()
    return services.open_meeting(congress(world, now=now, minutes=minutes), by=world.user("secretary"), at=now)


def row(meeting: Meeting, world: World, name: str) -> Attendance:
    return Attendance.objects.get(meeting=meeting, user=world.users[name])


def scanned(meeting: Meeting, at: datetime) -> str:
    """Return what the picture carried at ``at``."""
    return scan_code(bytes(meeting.code_secret), slot_of(at))


def typed(meeting: Meeting, at: datetime) -> str:
    return typed_code(bytes(meeting.code_secret), slot_of(at))
