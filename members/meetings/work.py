"""What meetings put on a person's workbench: those of today, invitations, leave to decide, what to convene or close."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
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

from .models import Attendance, LeaveState, Meeting, MeetingState
from .queries.meetings import first_moment, leave_to_decide, unanswered
from .rules.day import window_of

SHOWN = 5
COUNTED = 100
# Sooner than this a proposed meeting should be convened, so that people have notice.
CONVENE_DAYS = 10
# For how long a sitting that nobody closed is asked about.
LEFT_DAYS = 60


def today(user: User, on: date) -> WorkGroup:
    """Return the sittings of the day that call the person: check in from here once they let people in."""
    now = timezone.now()
    rows = ask_as(user, _calling, on, SHOWN, at=this_second())
    return WorkGroup([_calls(row, now) for row in rows], len(rows), _mine())


def _today(user: AnyUser, on: date, now: Instant) -> QuerySet[Attendance]:
    is_over = Q(meeting__state=MeetingState.CONVENED) & Q(meeting__planned_until__lte=now)
    rows = Attendance.objects.filter(
        ~is_over, ~Q(leave_state=LeaveState.APPROVED), user=user.pk, checked_in_at=None, exempt_words="",
        meeting__state__in=[MeetingState.CONVENED, MeetingState.IN_SESSION],
        meeting__planned_at__gte=first_moment(on), meeting__planned_at__lt=first_moment(on + timedelta(days=1)),
    )  # fmt: skip
    return rows.select_related("meeting__organization").order_by("meeting__planned_at", "pk")


def _calling(user: AnyUser, on: date, limit: int, *, at: int) -> QuerySet[Attendance]:
    return _today(user, on, Instant(at))[:limit]


def _calls(row: Attendance, now: datetime) -> WorkItem:
    meeting = row.meeting
    begins = timezone.localtime(meeting.planned_at)
    note = f"{begins:%H:%M} · {meeting.place or meeting.organization}"
    is_open = meeting.state == MeetingState.IN_SESSION or now in window_of(meeting.planned_at, meeting.planned_until)
    if is_open:
        title = _("Check in: %(title)s") % {"title": meeting.title}
        return WorkItem(title, reverse("members:meetings:check-in", args=[meeting.pk]), begins.date(), note)
    return WorkItem(meeting.title, meeting.get_absolute_url(), begins.date(), note)


def _mine() -> str:
    return reverse("members:meetings:meeting-list") + "?whose=mine"


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
    return WorkGroup(items, count, _mine())


def _to_answer(user: AnyUser, limit: int, *, at: int) -> QuerySet[Attendance]:
    return unanswered(user, at=Instant(at))[:limit]


def to_decide(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, _to_decide, on, SHOWN + 1)
    items = [
        WorkItem(
            title=_("Leave of %(name)s: %(title)s") % {"name": row.user.name, "title": row.meeting.title},
            url=reverse("members:meetings:leave-decide", args=[row.pk]),
            due_on=timezone.localdate(row.meeting.planned_at),
            note=row.leave_words[:80],
        )
        for row in rows[:SHOWN]
    ]
    count = len(rows) if len(rows) <= SHOWN else count_as(user, _to_decide, on, COUNTED)
    return WorkGroup(items, count, reverse("members:meetings:leave-list"))


def _to_decide(user: AnyUser, on: date, limit: int) -> QuerySet[Attendance]:
    return leave_to_decide(user, on)[:limit]


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


def _left_open(user: AnyUser, on: date) -> QuerySet[Meeting]:
    rows = scope(user, "hold", Meeting).filter(
        state__in=[MeetingState.CONVENED, MeetingState.IN_SESSION],
        planned_until__lt=first_moment(on),
        planned_until__gte=first_moment(on - timedelta(days=LEFT_DAYS)),
    )
    return rows.select_related("organization").order_by("-planned_at", "-pk")


def _to_close(user: AnyUser, on: date, limit: int) -> QuerySet[Meeting]:
    return _left_open(user, on)[:limit]


def to_close(user: User, on: date) -> WorkGroup:
    """Return sittings of earlier days that nobody closed, or that nobody held and nobody called off."""
    rows = ask_as(user, _to_close, on, SHOWN + 1)
    items = [_forgotten(row) for row in rows[:SHOWN]]
    count = len(rows) if len(rows) <= SHOWN else count_as(user, _to_close, on, COUNTED)
    return WorkGroup(items, count, reverse("members:meetings:meeting-list") + "?when=past")


def _forgotten(meeting: Meeting) -> WorkItem:
    day, note = timezone.localdate(meeting.planned_at), str(meeting.organization)
    if meeting.state == MeetingState.IN_SESSION:
        title, address = _("Close: %(title)s"), reverse("members:meetings:session-close", args=[meeting.pk])
    else:
        title, address = _("Not held: %(title)s"), reverse("members:meetings:meeting-cancel", args=[meeting.pk])
    return WorkItem(title % {"title": meeting.title}, address, day, note)


def _belongs(rights: Rights) -> bool:
    return bool(rights.standing)


def _holds(rights: Rights) -> bool:
    return rights.holds(Duty.HOLD_MEETINGS)


def register() -> None:
    for source in (
        WorkSource("meetings-today", gettext_lazy("Meetings today"), today, 4, _belongs, waits=_today),
        WorkSource("meetings-to-answer", gettext_lazy("Meetings to answer"), to_answer, 25, _belongs,
                   waits=lambda user, on, now: unanswered(user, at=now)),
        WorkSource("leave-to-decide", gettext_lazy("Leave to decide"), to_decide, 26, _holds,
                   waits=lambda user, on, now: leave_to_decide(user, on)),
        WorkSource("meetings-to-convene", gettext_lazy("Meetings to convene"), to_convene, 27, _holds, waits=_planned),
        WorkSource("meetings-to-close", gettext_lazy("Meetings left open"), to_close, 28, _holds,
                   waits=lambda user, on, now: _left_open(user, on)),
    ):  # fmt: skip
        work_sources.register(source)
