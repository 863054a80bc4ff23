"""What minutes and resolutions show in the space of a node: its calendar, and its record of a year."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
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

from .models import Minutes, MinutesState, Resolution, ResolutionState

SHOWN = 5
MOST = 60


def days(node: Organization, reader: AnyUser, first: date, last: date) -> Iterable[CalendarItem]:
    """Return the days on which open resolutions of the node are due: one query."""
    rows = scope(reader, "view", Resolution).filter(
        organization=node, state=ResolutionState.OPEN, due_on__gte=first, due_on__lte=last
    )
    return [
        CalendarItem(on=row.due_on, title=row.words[:80], url=row.get_absolute_url(), note=_("due"), icon="list-check")
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]


def record(node: Organization, reader: AnyUser, year: int) -> RecordBlock | None:
    """Return how many minutes of the year the reader may read, and the latest: two queries."""
    rows = scope(reader, "view", Minutes).filter(organization=node, held_on__year=year)
    sealed = Q(state=MinutesState.SEALED)
    counts = rows.order_by().aggregate(sealed=Count("pk", filter=sealed), unsealed=Count("pk", filter=~sealed))
    if not counts["sealed"] and not counts["unsealed"]:
        return None
    latest = rows.filter(sealed).defer("facts", "speeches").order_by("-held_at", "-pk")[:SHOWN]
    address = reverse("members:minutes:minutes-list")
    of_year: dict[str, Any] = {"organization": node.pk, "since": f"{year:04}-01-01", "until": f"{year:04}-12-31"}
    return RecordBlock(
        figures=(
            (_("sealed minutes"), counts["sealed"], f"{address}?{urlencode({**of_year, 'state': 'sealed'})}"),
            (_("not sealed yet"), counts["unsealed"], f"{address}?{urlencode({**of_year, 'state': 'open'})}"),
        ),
        entries=tuple(
            TimelineEntry(on=row.held_on, title=row.title, url=row.get_absolute_url(), note=row.get_kind_display(),
                          icon="journal-check")
            for row in latest
        ),
        more_url=f"{address}?{urlencode(of_year)}",
    )  # fmt: skip


def register() -> None:
    calendar_sources.register(
        CalendarSource(code="resolutions", label=gettext_lazy("Resolutions that are due"), find=days, order=50)
    )
    record_sources.register(RecordSource(code="minutes", label=gettext_lazy("Minutes"), find=record, order=30))
