"""What the archive itself puts on a person's timeline: places, posts, and the days of the way into the party."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import TimelineEntry, TimelineSource, timeline_sources
from portal.organizations.models import Affiliation, Appointment

from .models import Member

MILESTONES = {
    "application_on": gettext_lazy("Applied for membership"),
    "activist_on": gettext_lazy("Became an activist"),
    "target_on": gettext_lazy("Became a development target"),
    "joined_on": gettext_lazy("Joined the party"),
    "converted_on": gettext_lazy("Became a full member"),
}


def places(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    rows = scope(reader, "view", Affiliation).filter(user=person).select_related("organization").order_by("-since")
    for row in rows[:limit]:
        yield TimelineEntry(
            on=row.since,
            title=_("Belongs to %(organization)s") % {"organization": row.organization},
            note=row.get_standing_display(),
            icon="building",
        )


def posts(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    rows = scope(reader, "view", Appointment).filter(user=person).select_related("organization").order_by("-since")
    for row in rows[:limit]:
        words = {"post": row.get_post_display(), "organization": row.organization}
        yield TimelineEntry(on=row.since, title=_("%(post)s of %(organization)s") % words, icon="person-badge")
        if row.ended_at and row.until:
            yield TimelineEntry(
                on=row.until, title=_("No longer %(post)s of %(organization)s") % words, icon="person-badge"
            )


def milestones(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    days = scope(reader, "read", Member).filter(user=person).values(*MILESTONES).first() or {}
    for name, day in days.items():
        if day:
            yield TimelineEntry(on=day, title=str(MILESTONES[name]), icon="flag")


def register() -> None:
    timeline_sources.register(TimelineSource(code="places", label=gettext_lazy("Places"), find=places, order=10))
    timeline_sources.register(TimelineSource(code="posts", label=gettext_lazy("Posts"), find=posts, order=20))
    timeline_sources.register(
        TimelineSource(code="milestones", label=gettext_lazy("Membership"), find=milestones, order=30)
    )
