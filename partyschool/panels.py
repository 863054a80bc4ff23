"""What the party school plugs into the portal: its door, the workbench, search, timeline and the front page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import (
    LandingBlock,
    NavigationItem,
    RecordBlock,
    RecordSource,
    SearchSource,
    TimelineEntry,
    TimelineSource,
    WorkGroup,
    WorkItem,
    WorkSource,
    landing_blocks,
    navigation,
    record_sources,
    search_sources,
    timeline_sources,
    work_sources,
)

from . import queries

DESK_ITEMS = 5
LANDING_COURSES = 4

navigation.register(
    NavigationItem(
        code="partyschool",
        label=_("Party school"),
        url_name="partyschool:course-list",
        order=500,
        icon="mortarboard",
        prefixes=("/party-school/",),
    )
)
search_sources.register(
    SearchSource(
        code="course",
        label=_("Courses"),
        model="partyschool.Course",
        title=lambda course: course.title,
        text=queries.text_of,
        url=lambda course: reverse("partyschool:course", args=[course.pk]),
        at=lambda course: course.published_at,
        order=500,
    )
)


def _to_learn(user: Any, today: date) -> WorkGroup:
    courses = queries.unfinished(user, DESK_ITEMS + 1)
    items = [
        WorkItem(
            title=course.title,
            url=reverse("partyschool:course", args=[course.pk]),
            due_on=course.due_on,
            note=gettext("required") if course.is_required else "",
        )
        for course in courses[:DESK_ITEMS]
    ]
    return WorkGroup(items=items, count=len(courses), more_url=f"{reverse('partyschool:course-list')}?only=open")


work_sources.register(
    WorkSource(
        code="courses", label=_("To learn"), find=_to_learn, order=500,
        waits=lambda user, today, now: queries.to_learn(user),
    )
)  # fmt: skip


def _completed(person: Any, reader: Any, limit: int) -> Iterable[TimelineEntry]:
    return [
        TimelineEntry(
            on=timezone.localdate(row.completed_at),
            title=gettext("Completed the course “%(title)s”") % {"title": row.course.title},
            note=gettext("%(hours)s training hours") % {"hours": row.hours} if row.hours else "",
            icon="mortarboard",
        )
        for row in queries.completed_by(person, reader)[:limit]
    ]


timeline_sources.register(TimelineSource(code="courses", label=_("Learning"), find=_completed, order=500))


def _newest(reader: Any) -> dict[str, Any] | None:
    courses = queries.newest(reader, LANDING_COURSES)
    return {"courses": courses} if courses else None


landing_blocks.register(
    LandingBlock(
        code="courses",
        label=_("Party school"),
        template="partyschool/_landing.html",
        context=_newest,
        order=500,
        area="side",
    )
)


def _learned(node: Any, reader: Any, year: int) -> RecordBlock | None:
    found = queries.learned_in(node, reader, year)
    if found is None:
        return None
    return RecordBlock(
        figures=(
            (gettext("people who completed a course"), found.people, ""),
            (gettext("courses completed"), found.courses, ""),
            (gettext("training hours credited"), found.hours, ""),
        )
    )


record_sources.register(RecordSource(code="courses", label=_("Learning"), find=_learned, order=500))
