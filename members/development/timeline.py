"""Thought reports on a person's timeline, as far as the reader may see them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import TimelineEntry, TimelineSource, timeline_sources

from .models import ThoughtReport


def reports(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    rows = (
        scope(reader, "view", ThoughtReport)
        .handed_in()
        .filter(author__user=person)
        .select_related("review")
        .order_by("-first_submitted_on")
    )
    for row in rows[:limit]:
        yield TimelineEntry(
            on=row.first_submitted_on,
            title=_("Thought report for %(period)s") % {"period": row.period.words},
            url=row.get_absolute_url(),
            note=row.review.get_state_display(),
            icon="journal-text",
        )


def register() -> None:
    timeline_sources.register(
        TimelineSource(code="thought-reports", label=gettext_lazy("Thought reports"), find=reports, order=40)
    )
