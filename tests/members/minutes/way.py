"""Bring a sitting and its minutes to any point through the services."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from members.meetings import services as meetings
from members.meetings.models import Attendance, CheckInMeans, Meeting, MeetingKind
from members.minutes import services
from members.minutes.models import Minutes
from portal.access.rights import forget_rights
from portal.accounts.models import User
from portal.organizations.models import Organization
from tests.world import World

WORDS = {"decisions": "The plan for the term is adopted.", "dissent": "", "remarks": ""}


def begins(days_ago: int = 3) -> datetime:
    """Return an evening in the university's time, ``days_ago`` days before today."""
    day = timezone.localdate() - timedelta(days=days_ago)
    return timezone.make_aware(datetime(day.year, day.month, day.day, 19, 0))


def held(
    world: World,
    *,
    kinds: Sequence[str] = (MeetingKind.BRANCH_CONGRESS,),
    chair: str = "secretary",
    recorder: str = "member",
    came: Sequence[str] = ("secretary", "member", "probationary"),
    node: Organization | None = None,
    days_ago: int = 3,
    title: str = "Congress of the term",
    agenda: Sequence[str] = ("The plan for the term",),
) -> Meeting:
    """Hold a sitting from planning to its end; its minutes are drafted."""
    at = begins(days_ago)
    by = world.user(chair)
    meeting = meetings.plan(
        node or world.branch,
        kinds=kinds,
        title=title,
        planned_at=at,
        planned_until=at + timedelta(hours=2),
        chair=by,
        recorder=world.user(recorder),
        place="Room 101",
        agenda=[meetings.Matter(kinds[0], words, 20) for words in agenda],
        by=by,
        at=at - timedelta(days=5),
    )
    meeting = meetings.convene(meeting, by=by, at=at - timedelta(days=4))
    meeting = meetings.open_meeting(meeting, by, at)
    for name in came:
        meetings.check_in(meeting, world.user(name), means=CheckInMeans.LIST, at=at)
    return meetings.close_meeting(meeting, by, at + timedelta(hours=1))


def drafted(world: World, **kwargs: Any) -> Minutes:
    meeting = held(world, **kwargs)
    return Minutes.objects.get(part=meeting.parts.order_by("number").first())


def written(world: World, minutes: Minutes | None = None, **kwargs: Any) -> Minutes:
    minutes = minutes or drafted(world, **kwargs)
    return services.write(
        minutes,
        version=minutes.version,
        speeches=[{"person": "Member", "gist": "Asked for a reading group on Fridays."}],
        disclosure="title",
        by=minutes.recorder,
        **WORDS,
    )


def confirm(minutes: Minutes, by: User) -> Minutes:
    forget_rights(by)
    return services.confirm(minutes, seen=services.shown(minutes, services.facts_now(minutes)), by=by)


def sealed(world: World, minutes: Minutes | None = None, **kwargs: Any) -> Minutes:
    minutes = written(world, minutes, **kwargs)
    minutes = confirm(minutes, minutes.recorder)
    return confirm(minutes, minutes.chair)


def attendance(minutes: Minutes, user: User) -> Attendance:
    return Attendance.objects.get(meeting=minutes.meeting_id, user=user)
