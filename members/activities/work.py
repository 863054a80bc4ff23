"""What activities put on a person's workbench."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, Rights
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty
from portal.web.prepared import Instant, this_second

from .models import Activity, State
from .queries.lists import my_coming, to_approve, to_go_on, to_lead, to_score

SHOWN = 5
COUNTED = 100


def activities_to_approve(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, _to_approve, COUNTED)
    items = [
        WorkItem(
            title=_("Approve “%(title)s” of %(name)s") % {"title": row.title, "name": row.author.name},
            url=reverse("members:activities:activity-decide", args=[row.pk]),
            due_on=timezone.localdate(row.begins_at),
            note=str(row.organization),
        )
        for row in rows[:SHOWN]
    ]
    return WorkGroup(items, len(rows), reverse("members:activities:approval-list"))


def _to_approve(user: AnyUser, limit: int) -> QuerySet[Activity]:
    return to_approve(user)[:limit]


def my_activities(user: User, on: date) -> WorkGroup:
    """Return the coming activities one is enrolled in."""
    rows = ask_as(user, _my_coming, COUNTED, at=this_second())
    items = [
        WorkItem(
            title=row.title,
            url=row.get_absolute_url(),
            due_on=timezone.localdate(row.begins_at),
            note=date_format(timezone.localtime(row.begins_at), "SHORT_DATETIME_FORMAT"),
        )
        for row in rows[:SHOWN]
    ]
    return WorkGroup(items, len(rows), reverse("members:activities:activity-list") + "?mine=enrolled")


def _my_coming(user: AnyUser, limit: int, *, at: int) -> QuerySet[Activity]:
    return my_coming(user, Instant(at))[:limit]


def activities_to_go_on(user: User, on: date) -> WorkGroup:
    """Return what one started and must go on with, and the contests one has to score."""
    now = this_second()
    items = [WorkItem(_next(row), _address(row)) for row in ask_as(user, _to_lead, SHOWN, at=now)]
    items += [
        WorkItem(
            _("Score “%(title)s”") % {"title": row.title},
            reverse("members:activities:score-sheet", args=[row.pk]),
            due_on=timezone.localdate(row.ends_at),
        )
        for row in ask_as(user, _to_score, SHOWN, at=now)
    ]
    return WorkGroup(items, len(items), reverse("members:activities:activity-list") + "?mine=started")


def _to_lead(user: AnyUser, limit: int, *, at: int) -> QuerySet[Activity]:
    return to_lead(user, Instant(at))[:limit]


def _to_score(user: AnyUser, limit: int, *, at: int) -> QuerySet[Activity]:
    return to_score(user, Instant(at))[:limit]


def _next(row: Activity) -> str:
    if row.state == State.RETURNED:
        return _("“%(title)s” was returned: rework it") % {"title": row.title}
    if row.state == State.APPROVED:
        return _("“%(title)s” has ended: record who was there") % {"title": row.title}
    return _("“%(title)s” was held: say how it went and finish it") % {"title": row.title}


def _address(row: Activity) -> str:
    page = "activity-edit" if row.state == State.RETURNED else "activity-desk"
    return reverse(f"members:activities:{page}", args=[row.pk])


def _approves(rights: Rights) -> bool:
    return rights.holds(Duty.APPROVE_ACTIVITIES)


def _belongs(rights: Rights) -> bool:
    return bool(rights.organization_id)


def register() -> None:
    for source in (
        WorkSource(
            "activities-to-approve", gettext_lazy("Activities to approve"), activities_to_approve, 60, _approves,
            waits=lambda user, on, now: to_approve(user),
        ),
        WorkSource(
            "activities-to-go-on", gettext_lazy("My activities to go on with"), activities_to_go_on, 61,
            waits=lambda user, on, now: to_go_on(user, now),
        ),
        WorkSource(
            "my-activities", gettext_lazy("My coming activities"), my_activities, 62, _belongs,
            waits=lambda user, on, now: my_coming(user, now),
        ),
    ):  # fmt: skip
        work_sources.register(source)
