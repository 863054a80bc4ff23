"""What activities show in the home of a node, in its calendar, and to the search."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.rights import AnyUser
from portal.extensions.registry import (
    CalendarItem,
    CalendarSource,
    SearchSource,
    StreamKind,
    calendar_sources,
    search_sources,
    stream_kinds,
)
from portal.organizations.models import Organization

from .models import SHOWN, Activity
from .queries.lists import on_days
from .services.telling import ANNOUNCED, FINISHED

# More on one page of a calendar than anybody reads.
ITEMS_MAX = 200


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


def _at(activity: Any) -> Any:
    """Return when an activity is dated in the index; what is not approved is found by nobody."""
    return activity.begins_at if activity.state in SHOWN else None


def register() -> None:
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
