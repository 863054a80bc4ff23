"""Reads of meetings: lists, one meeting with what its page shows, what waits for somebody."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from portal.access.policy import NOTHING, policy_of, scope, with_power
from portal.access.rights import AnyUser, rights_of
from portal.files.models import StoredFile
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.prepared import Instant

from ..models import AgendaItem, Attendance, LeaveState, Meeting, MeetingPart, MeetingState
from ..rules.day import LEAVE_DECIDED_AT_LATEST_AFTER

# Those that are still to come, or go on just now.
AHEAD = (MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.IN_SESSION)


def first_moment(day: date) -> datetime:
    """Return the beginning of a day in the university's time."""
    return timezone.make_aware(datetime.combine(day, time.min))


def with_parts(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Bring organization and kinds along: one statement more for any number of meetings."""
    return rows.select_related("organization").prefetch_related(
        Prefetch("parts", queryset=MeetingPart.objects.order_by("number"))
    )


def for_page(user: AnyUser) -> QuerySet[Meeting]:
    """Return meetings with what their page names, marked with what ``user`` may do."""
    rows = Meeting.objects.select_related("organization", "chair", "recorder", "template", "created_by")
    rows = rows.prefetch_related(Prefetch("parts", queryset=MeetingPart.objects.order_by("number")), "files")
    for action in ("hold", "lead", "grant_leave", "answer"):
        rows = with_power(rows, user, action)
    return rows


def keeps(user: AnyUser) -> bool:
    """Say whether ``user`` sees meetings by duty, beyond those the person is invited to."""
    rights = rights_of(user)
    return rights.holds(Duty.SEE_MEETINGS) or rights.holds(Duty.HOLD_MEETINGS)


def subscribable(user: AnyUser) -> list[Organization]:
    """Return the nodes whose meetings one may subscribe to: the own branch, and those one holds or sees them for."""
    rights = rights_of(user)
    paths = set(rights.duties.get(str(Duty.HOLD_MEETINGS), ())) | set(rights.duties.get(str(Duty.SEE_MEETINGS), ()))
    if rights.organization_path:
        paths.add(rights.organization_path)
    return list(Organization.objects.filter(path__in=paths))


def mine(user: AnyUser) -> QuerySet[Meeting]:
    """Return the meetings that ``user`` is invited to, chairs or records."""
    return Meeting.objects.filter(policy_of(Meeting).own(user, "view"))


def kept(user: AnyUser) -> QuerySet[Meeting]:
    """Return the meetings that ``user`` sees by duty."""
    held = policy_of(Meeting).by_duty(user, "view")
    return Meeting.objects.filter(NOTHING if held is None else held)


def filtered(
    rows: QuerySet[Meeting],
    *,
    kind: str = "",
    state: str = "",
    words: str = "",
    node: str = "",
    organization: Organization | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Meeting]:
    """Narrow a list of meetings by what the address says."""
    if kind:
        rows = rows.filter(Exists(MeetingPart.objects.filter(meeting=OuterRef("pk"), kind=kind)))
    if state:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(words__icontains=words))
    if node:
        rows = rows.filter(Q(organization__name__icontains=node) | Q(organization__short_name__icontains=node))
    if organization is not None:
        rows = rows.filter(organization__path__startswith=organization.path)
    if since is not None:
        rows = rows.filter(planned_at__gte=first_moment(since))
    if until is not None:
        rows = rows.filter(planned_at__lt=first_moment(until + timedelta(days=1)))
    return rows


def kinds_by_month(meetings: QuerySet[Meeting]) -> dict[tuple[str, int], int]:
    """Count the kinds of ``meetings`` by kind and month of the university's time: one statement."""
    month = ExtractMonth("meeting__planned_at", tzinfo=timezone.get_current_timezone())
    rows = MeetingPart.objects.filter(meeting__in=meetings).annotate(month=month).order_by()
    counted = rows.values_list("kind", "month").annotate(many=Count("pk"))
    return {(kind, number): many for kind, number, many in counted}


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """Return the agenda in its order, with parts, presenters and papers: two statements."""
    rows = meeting.agenda.select_related("part", "presenter").prefetch_related("files")
    return list(rows.order_by("number", "pk"))


def paper_of(meeting: Meeting, file_id: int) -> StoredFile | None:
    """Return a paper of the meeting or of one of its matters."""
    matters = AgendaItem.objects.filter(meeting=meeting).values("files")
    own = Q(pk__in=meeting.files.values("pk")) | Q(pk__in=matters)
    return StoredFile.objects.filter(own, pk=file_id).first()


@dataclass(frozen=True, slots=True)
class CircleCount:
    """The circle of a meeting in numbers."""

    due: int
    voting: int
    observers: int
    attending: int
    leave_asked: int
    leave_granted: int
    unanswered: int


def circle_count(rows: QuerySet[Attendance]) -> CircleCount:
    """Count a circle in one statement."""
    due = Q(capacity="due")
    found: dict[str, Any] = rows.aggregate(
        due=Count("pk", filter=due),
        voting=Count("pk", filter=Q(may_vote=True, excluded_words="")),
        observers=Count("pk", filter=Q(capacity="observer")),
        attending=Count("pk", filter=due & Q(answer="attend")),
        leave_asked=Count("pk", filter=Q(leave_state=LeaveState.ASKED)),
        leave_granted=Count("pk", filter=Q(leave_state=LeaveState.APPROVED)),
        unanswered=Count("pk", filter=due & Q(answer="", exempt_words="")),
    )
    return CircleCount(**found)


def circle_rows(user: AnyUser, meeting: Meeting) -> QuerySet[Attendance]:
    """Return the rows of the circle that ``user`` may see: all for those who lead or keep it, otherwise the own."""
    rows = scope(user, "view", Attendance).filter(meeting=meeting).select_related("user", "leave_decided_by")
    return rows.order_by("capacity", "user__name", "user_id")


def unanswered(user: AnyUser, *, at: datetime | Instant) -> QuerySet[Attendance]:
    """Return the invitations that ``user`` has not answered and still can, the soonest first."""
    rows = Attendance.objects.filter(
        user=user.pk, answer="", exempt_words="", capacity="due",
        meeting__state=MeetingState.CONVENED, meeting__planned_at__gt=at,
    )  # fmt: skip
    return rows.select_related("meeting__organization").order_by("meeting__planned_at", "pk")


def leave_to_decide(user: AnyUser, on: date | None = None) -> QuerySet[Attendance]:
    """Return the requests for leave that ``user`` may decide, without the own, the soonest meeting first.

    With ``on`` also those of sittings that have ended and can still be decided on that day.
    """
    rows = scope(user, "grant_leave", Attendance).exclude(user=user.pk)
    open_ = Q(meeting__state__in=[MeetingState.CONVENED, MeetingState.IN_SESSION])
    if on is not None:
        earliest = first_moment(on) - LEAVE_DECIDED_AT_LATEST_AFTER + timedelta(days=1)
        open_ |= Q(meeting__state=MeetingState.ENDED, meeting__ended_at__gte=earliest)
    rows = rows.filter(open_, leave_state=LeaveState.ASKED)
    return rows.select_related("meeting__organization", "user").order_by("meeting__planned_at", "pk")
