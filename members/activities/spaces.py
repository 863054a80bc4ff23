"""What activities show in the home of a node, in its calendar, and to the search."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.rights import AnyUser
from portal.extensions.registry import (
    CalendarItem,
    CalendarSource,
    RecordBlock,
    RecordSource,
    SearchSource,
    StreamKind,
    TimelineEntry,
    calendar_sources,
    record_sources,
    search_sources,
    stream_kinds,
)
from portal.organizations.models import Organization

from .models import SHOWN, Activity
from .queries.lists import held_in, on_days
from .services.telling import ANNOUNCED, FINISHED

# More on one page of a calendar than anybody reads.
ITEMS_MAX = 200
LATEST = 5


def days(node: Organization, reader: AnyUser, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the activities of a node and below that begin on one of the days."""
    zone = timezone.get_current_timezone()
    since = datetime.combine(first, time.min, tzinfo=zone)
    until = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    for row in on_days(reader, node, since, until)[:ITEMS_MAX]:
        begins = timezone.localtime(row.begins_at)
        yield CalendarItem(
            on=begins.date(),
            at=row.begins_at,
            title=row.title,
            url=row.get_absolute_url(),
            note=str(row.get_kind_display()),
            icon="people",
        )


def record(node: Organization, reader: AnyUser, year: int) -> RecordBlock | None:
    """Return what was held in a year by a node and below, with the list behind it; nothing where there was nothing."""
    held = held_in(reader, node, year)
    counts = held.aggregate(
        activities=Count("pk", distinct=True), people=Count("enrolments", filter=Q(enrolments__attended=True))
    )
    if not counts["activities"]:
        return None
    address = f"{reverse('members:activities:activity-list')}?when=past&organization={node.pk}"
    return RecordBlock(
        figures=(
            (_("Activities held"), counts["activities"], address),
            (_("Attendances"), counts["people"], ""),
        ),
        entries=tuple(
            TimelineEntry(
                on=timezone.localdate(row.begins_at),
                title=row.title,
                url=row.get_absolute_url(),
                note=str(row.get_kind_display()),
                icon="people",
            )
            for row in held.order_by("-begins_at", "-pk")[:LATEST]
        ),
        more_url=address,
    )


def _at(activity: Any) -> Any:
    """Return when an activity is dated in the index; what is not approved is found by nobody."""
    return activity.begins_at if activity.state in SHOWN else None


def register() -> None:
    record_sources.register(RecordSource(code="activities", label=_("Activities"), find=record, order=40))
    calendar_sources.register(CalendarSource(code="activities", label=_("Activities"), find=days, order=40))
    stream_kinds.register(StreamKind(code=ANNOUNCED, label=_("new activity"), icon="people"))
    stream_kinds.register(StreamKind(code=FINISHED, label=_("activity that ended"), icon="card-image"))
    search_sources.register(
        SearchSource(
            code="activities",
            label=_("Activities"),
            model=Activity._meta.label,
            title=lambda activity: activity.title,
            text=lambda activity: f"{activity.words} {activity.place} {activity.story}",
            url=lambda activity: activity.get_absolute_url(),
            at=_at,
            order=45,
        )
    )
