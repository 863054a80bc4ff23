"""What meetings show in the space of a node: its calendar, and its record of a year."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.extensions.registry import (
    CalendarItem,
    CalendarSource,
    RecordBlock,
    RecordSource,
    TimelineEntry,
    calendar_sources,
    record_sources,
)
from portal.organizations.models import Organization

from .models import Meeting, MeetingState
from .queries.meetings import first_moment

SHOWN = 5
MOST = 100


def days(node: Organization, reader: AnyUser, first: date, last: date) -> Iterable[CalendarItem]:
    """Return the meetings of the node that the reader sees, on their days; those called off are left out. One query."""
    rows = scope(reader, "view", Meeting).filter(
        organization=node, planned_at__gte=first_moment(first), planned_at__lt=first_moment(last + timedelta(days=1))
    )
    return [
        CalendarItem(
            on=timezone.localdate(row.planned_at),
            title=row.title,
            url=row.get_absolute_url(),
            at=timezone.localtime(row.planned_at),
            note=row.place,
            icon="calendar-check",
        )
        for row in rows.exclude(state=MeetingState.CANCELLED).order_by("planned_at", "pk")[:MOST]
    ]


def record(node: Organization, reader: AnyUser, year: int) -> RecordBlock | None:
    """Return how many meetings of the year the reader sees held and called off, and the latest: two queries."""
    rows = scope(reader, "view", Meeting).filter(
        organization=node,
        planned_at__gte=first_moment(date(year, 1, 1)),
        planned_at__lt=first_moment(date(year + 1, 1, 1)),
    )
    ended, cancelled = Q(state=MeetingState.ENDED), Q(state=MeetingState.CANCELLED)
    counts = rows.order_by().aggregate(held=Count("pk", filter=ended), cancelled=Count("pk", filter=cancelled))
    if not counts["held"] and not counts["cancelled"]:
        return None
    latest = rows.filter(ended).order_by("-planned_at", "-pk")[:SHOWN]
    address = reverse("members:meetings:meeting-list")
    of_year: dict[str, Any] = {
        "when": "past", "organization": node.pk, "since": f"{year:04}-01-01", "until": f"{year:04}-12-31",
    }  # fmt: skip

    def listed(state: str) -> str:
        return f"{address}?{urlencode({**of_year, 'state': state})}"

    return RecordBlock(
        figures=(
            (_("meetings held"), counts["held"], listed(MeetingState.ENDED)),
            (_("called off"), counts["cancelled"], listed(MeetingState.CANCELLED)),
        ),
        entries=tuple(
            TimelineEntry(on=timezone.localdate(row.planned_at), title=row.title, url=row.get_absolute_url(),
                          icon="calendar-check")
            for row in latest
        ),
        more_url=f"{address}?{urlencode(of_year)}",
    )  # fmt: skip


def register() -> None:
    label = gettext_lazy("Meetings")
    calendar_sources.register(CalendarSource(code="meetings", label=label, find=days, order=10))
    record_sources.register(RecordSource(code="meetings", label=label, find=record, order=10))
