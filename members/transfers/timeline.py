"""Transfers and states of the relation on a person's timeline, as far as the reader may see them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import TimelineEntry, TimelineSource, timeline_sources

from .models import RelationPeriod, Transfer


def transfers(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    rows = scope(reader, "view", Transfer).filter(person__user=person).with_sides().order_by("-changed_on")
    for row in rows[:limit]:
        yield TimelineEntry(
            on=row.changed_on,
            title=_("Transfer from %(sender)s to %(receiver)s") % {"sender": row.sender, "receiver": row.receiver},
            url=row.get_absolute_url(),
            note=row.get_state_display(),
            icon="arrow-left-right",
        )


def relations(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    for row in scope(reader, "view", RelationPeriod).filter(person__user=person).order_by("-since")[:limit]:
        yield TimelineEntry(
            on=row.since,
            title=_("Organization relation: %(state)s") % {"state": row.get_state_display()},
            url=row.get_absolute_url(),
            note=row.place,
            icon="geo-alt",
        )


def register() -> None:
    timeline_sources.register(
        TimelineSource(code="transfers", label=gettext_lazy("Transfers"), find=transfers, order=50)
    )
    timeline_sources.register(
        TimelineSource(code="relations", label=gettext_lazy("Organization relations"), find=relations, order=51)
    )
