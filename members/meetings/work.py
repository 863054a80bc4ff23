"""What meetings put on a person's workbench: invitations without an answer, leave to decide, meetings to convene."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.rights import AnyUser, Rights
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty

from .models import Meeting, MeetingState
from .queries.meetings import leave_to_decide, unanswered

SHOWN = 5
COUNTED = 100
# Sooner than this a proposed meeting should be convened, so that people have notice.
CONVENE_DAYS = 10


def to_answer(user: User, on: date) -> WorkGroup:
    rows = list(unanswered(user, at=timezone.now())[:SHOWN + 1])
    items = [
        WorkItem(
            title=_("Answer: %(title)s") % {"title": row.meeting.title},
            url=reverse("members:meetings:meeting-answer", args=[row.meeting_id]),
            due_on=timezone.localdate(row.meeting.planned_at),
            note=str(row.meeting.organization),
        )
        for row in rows[:SHOWN]
    ]
    count = len(rows) if len(rows) <= SHOWN else unanswered(user, at=timezone.now())[:COUNTED].count()
    return WorkGroup(items, count, reverse("members:meetings:meeting-list") + "?whose=mine")


def to_decide(user: User, on: date) -> WorkGroup:
    rows = list(leave_to_decide(user)[:SHOWN + 1])
    items = [
        WorkItem(
            title=_("Leave of %(name)s: %(title)s") % {"name": row.user.name, "title": row.meeting.title},
            url=reverse("members:meetings:leave-decide", args=[row.pk]),
            due_on=timezone.localdate(row.meeting.planned_at),
            note=row.leave_words[:80],
        )
        for row in rows[:SHOWN]
    ]
    count = len(rows) if len(rows) <= SHOWN else leave_to_decide(user)[:COUNTED].count()
    return WorkGroup(items, count, reverse("members:meetings:leave-list"))


def _to_convene(user: AnyUser, on: date) -> QuerySet[Meeting]:
    now = timezone.now()
    rows = scope(user, "hold", Meeting).filter(
        state=MeetingState.PLANNED, planned_at__gt=now, planned_at__lt=now + timedelta(days=CONVENE_DAYS)
    )
    return rows.select_related("organization").order_by("planned_at", "pk")


def to_convene(user: User, on: date) -> WorkGroup:
    rows = list(_to_convene(user, on)[:SHOWN + 1])
    items = [
        WorkItem(
            title=_("Convene: %(title)s") % {"title": row.title},
            url=row.get_absolute_url(),
            due_on=timezone.localdate(row.planned_at),
            note=str(row.organization),
        )
        for row in rows[:SHOWN]
    ]
    count = len(rows) if len(rows) <= SHOWN else _to_convene(user, on)[:COUNTED].count()
    return WorkGroup(items, count, reverse("members:meetings:meeting-list") + "?state=planned")


def _belongs(rights: Rights) -> bool:
    return bool(rights.standing)


def _holds(rights: Rights) -> bool:
    return rights.holds(Duty.HOLD_MEETINGS)


def register() -> None:
    for source in (
        WorkSource("meetings-to-answer", gettext_lazy("Meetings to answer"), to_answer, 25, _belongs),
        WorkSource("leave-to-decide", gettext_lazy("Leave to decide"), to_decide, 26, _holds),
        WorkSource("meetings-to-convene", gettext_lazy("Meetings to convene"), to_convene, 27, _holds),
    ):
        work_sources.register(source)
