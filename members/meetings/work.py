"""What meetings put on a person's workbench: invitations without an answer, leave to decide, meetings to convene."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.prepared import ask_as, count_as
from portal.access.rights import AnyUser, Rights
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty
from portal.web.prepared import Instant, this_second

from .models import Attendance, Meeting, MeetingState
from .queries.meetings import leave_to_decide, unanswered

SHOWN = 5
COUNTED = 100
# Sooner than this a proposed meeting should be convened, so that people have notice.
CONVENE_DAYS = 10


def to_answer(user: User, on: date) -> WorkGroup:
    now = this_second()
    rows = ask_as(user, _to_answer, SHOWN + 1, at=now)
    items = [
        WorkItem(
            title=_("Answer: %(title)s") % {"title": row.meeting.title},
            url=reverse("members:meetings:meeting-answer", args=[row.meeting_id]),
            due_on=timezone.localdate(row.meeting.planned_at),
            note=str(row.meeting.organization),
        )
        for row in rows[:SHOWN]
    ]
    count = len(rows) if len(rows) <= SHOWN else count_as(user, _to_answer, COUNTED, at=now)
    return WorkGroup(items, count, reverse("members:meetings:meeting-list") + "?whose=mine")


def _to_answer(user: AnyUser, limit: int, *, at: int) -> QuerySet[Attendance]:
    return unanswered(user, at=Instant(at))[:limit]


def to_decide(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, _to_decide, SHOWN + 1)
    items = [
        WorkItem(
            title=_("Leave of %(name)s: %(title)s") % {"name": row.user.name, "title": row.meeting.title},
            url=reverse("members:meetings:leave-decide", args=[row.pk]),
            due_on=timezone.localdate(row.meeting.planned_at),
            note=row.leave_words[:80],
        )
        for row in rows[:SHOWN]
    ]
    count = len(rows) if len(rows) <= SHOWN else count_as(user, _to_decide, COUNTED)
    return WorkGroup(items, count, reverse("members:meetings:leave-list"))


def _to_decide(user: AnyUser, limit: int) -> QuerySet[Attendance]:
    return leave_to_decide(user)[:limit]


def _planned(user: AnyUser, on: date, now: Instant) -> QuerySet[Meeting]:
    until = timezone.make_aware(datetime.combine(on + timedelta(days=CONVENE_DAYS + 1), time.min))
    rows = scope(user, "hold", Meeting).filter(
        state=MeetingState.PLANNED, planned_at__gt=now, planned_at__lt=until
    )
    return rows.select_related("organization").order_by("planned_at", "pk")


def _to_convene(user: AnyUser, on: date, limit: int, *, at: int) -> QuerySet[Meeting]:
    return _planned(user, on, Instant(at))[:limit]


def to_convene(user: User, on: date) -> WorkGroup:
    now = this_second()
    rows = ask_as(user, _to_convene, on, SHOWN + 1, at=now)
    items = [
        WorkItem(
            title=_("Convene: %(title)s") % {"title": row.title},
            url=row.get_absolute_url(),
            due_on=timezone.localdate(row.planned_at),
            note=str(row.organization),
        )
        for row in rows[:SHOWN]
    ]
    count = len(rows) if len(rows) <= SHOWN else count_as(user, _to_convene, on, COUNTED, at=now)
    return WorkGroup(items, count, reverse("members:meetings:meeting-list") + "?state=planned")


def _belongs(rights: Rights) -> bool:
    return bool(rights.standing)


def _holds(rights: Rights) -> bool:
    return rights.holds(Duty.HOLD_MEETINGS)


def register() -> None:
    for source in (
        WorkSource("meetings-to-answer", gettext_lazy("Meetings to answer"), to_answer, 25, _belongs,
                   waits=lambda user, on, now: unanswered(user, at=now)),
        WorkSource("leave-to-decide", gettext_lazy("Leave to decide"), to_decide, 26, _holds,
                   waits=lambda user, on, now: leave_to_decide(user)),
        WorkSource("meetings-to-convene", gettext_lazy("Meetings to convene"), to_convene, 27, _holds, waits=_planned),
    ):  # fmt: skip
        work_sources.register(source)
