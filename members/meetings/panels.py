"""Meetings on an organization's page and in the search, and a person's attendance on the timeline."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.policy import scope
from portal.access.prepared import ask_as
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import (
    Panel,
    SearchSource,
    TimelineEntry,
    TimelineSource,
    panels,
    search_sources,
    timeline_sources,
)
from portal.organizations.models import Organization
from portal.web.prepared import Instant, this_second

from .models import Attendance, Meeting, MeetingState
from .models.attendance import CAME
from .queries.meetings import AHEAD

COMING, LATEST = 3, 3


def _shown(reader: AnyUser, *, node: int, at: int) -> QuerySet[Meeting]:
    own = scope(reader, "view", Meeting).filter(organization=node)
    coming = own.filter(state__in=AHEAD, planned_until__gte=Instant(at)).order_by("planned_at", "pk")[:COMING]
    latest = own.filter(state=MeetingState.ENDED).order_by("-planned_at", "-pk")[:LATEST]
    either = Q(pk__in=coming.values("pk")) | Q(pk__in=latest.values("pk"))
    return Meeting.objects.filter(either).order_by("planned_at", "pk")


def meetings(organization: Organization, reader: AnyUser) -> dict[str, Any] | None:
    """Show the next meetings of a node and the last ones held: one statement; nothing for whoever sees none."""
    rows = ask_as(reader, _shown, node=organization.pk, at=this_second())
    if not rows:
        return None
    return {
        "coming": [row for row in rows if row.state != MeetingState.ENDED],
        "latest": [row for row in reversed(rows) if row.state == MeetingState.ENDED],
        "url": f"{reverse('members:meetings:meeting-list')}?organization={organization.pk}",
    }


def attended(person: User, reader: User, limit: int) -> Iterable[TimelineEntry]:
    """Return the meetings that ``person`` attended, as far as the reader sees them: one statement."""
    rows = scope(reader, "view", Attendance).filter(user=person.pk, state__in=CAME)
    rows = rows.select_related("meeting__organization").order_by("-meeting__planned_at", "-pk")
    for row in rows[:limit]:
        yield TimelineEntry(
            on=timezone.localdate(row.meeting.planned_at),
            title=row.meeting.title,
            url=row.meeting.get_absolute_url(),
            note=str(row.meeting.organization),
            icon="calendar-check",
        )


def register() -> None:
    panels.register(
        Panel(
            code="meetings", label=_("Meetings"), template="members/meetings/_panel.html", context=meetings, order=25
        )
    )
    timeline_sources.register(TimelineSource(code="meetings", label=_("Meetings"), find=attended, order=70))
    search_sources.register(
        SearchSource(
            code="meeting",
            label=_("Meetings"),
            model="meetings.Meeting",
            title=lambda meeting: meeting.title,
            text=lambda meeting: meeting.words,
            url=lambda meeting: meeting.get_absolute_url(),
            at=lambda meeting: meeting.planned_at,
            order=150,
        )
    )
