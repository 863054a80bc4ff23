"""Who of a branch has been away from organizational life for months, and how many came: for its duty holders alone.

Nothing of it is kept. Whoever was on leave or exempt is not counted as away, and where a branch held nothing the lapse
is the branch's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Left, Length, TruncMonth
from django.utils import timezone

from members.meetings.models import Attendance, AttendanceState, MeetingState
from members.meetings.models.attendance import CAME, Capacity
from portal.organizations.models import BRANCH_TYPES, Affiliation, Organization, OrganizationType, Standing
from portal.rulesets.days import add_months

from .places import Place, midnight

MEMBERS = (Standing.PROBATIONARY, Standing.FULL_MEMBER)
TOOK_PART = (*CAME, AttendanceState.MADE_UP)


@dataclass(frozen=True, slots=True)
class Absence:
    """A member who did not come for ``months``; ``last_on`` is when they last did, empty where that is not known."""

    user_id: int
    name: str
    number: str
    branch: str
    months: int
    last_on: date | None


def absences(place: Place, *, on: date, months: tuple[int, int]) -> list[Absence]:
    """Return the members of the branches of ``place`` who have been away for the first or second number of months.

    One statement. Somebody who has not belonged there so long is not counted.
    """
    first, second = (add_months(on, -count) for count in sorted(months))
    rows = _away(place, first).annotate(last_came=_last_came()).order_by("user__number")
    found = []
    for pk, name, number, branch, since, last in rows.values_list(
        "user_id", "user__name", "user__number", "branch", "since", "last_came"
    ):
        last_on = timezone.localtime(last).date() if last else None
        reached = max(months) if (last_on or since) <= second else min(months)
        found.append(Absence(pk, name, number, branch, reached, last_on))
    return found


def _away(place: Place, since: date) -> QuerySet[Affiliation]:
    above = Left("organization__path", Length("organization__path") - Organization.steplen)
    is_group = Q(organization__org_type=OrganizationType.GROUP)
    held = Attendance.objects.filter(
        user=OuterRef("user"), meeting__state=MeetingState.ENDED, meeting__started_at__gte=midnight(since)
    )
    return (
        Affiliation.objects.filter(place.condition("organization__"), until=None, standing__in=MEMBERS)
        .filter(since__lte=since, organization__org_type__in=[*sorted(BRANCH_TYPES), OrganizationType.GROUP])
        .annotate(branch=Case(When(is_group, then=above), default=F("organization__path"), output_field=CharField()))
        .filter(Exists(held.filter(state=AttendanceState.ABSENT, capacity=Capacity.DUE)))
        .exclude(Exists(held.filter(state__in=TOOK_PART)))
    )


def _last_came() -> Subquery:
    came = Attendance.objects.filter(user=OuterRef("user"), meeting__state=MeetingState.ENDED, state__in=TOOK_PART)
    return Subquery(came.order_by().values("user").annotate(last=Max("meeting__started_at")).values("last"))


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of those due came to the meetings of a node."""

    due: int
    came: int

    @property
    def percent(self) -> int:
        return self.came * 100 // self.due if self.due else 0


def turnouts(nodes: Iterable[int], first: date, last: date) -> dict[int, Turnout]:
    """Return the turnout of each node's meetings between two days; one statement. Who is exempt is not counted."""
    rows = _attending(nodes, first, last).values("meeting__organization_id")
    return {pk: Turnout(due, came) for pk, due, came in _counted(rows, "meeting__organization_id")}


def turnout_by_month(node: int, year: int) -> dict[int, Turnout]:
    """Return the turnout of a node by the number of the month; one statement."""
    rows = _attending([node], date(year, 1, 1), date(year, 12, 31))
    by_month = rows.annotate(month=TruncMonth("meeting__started_at")).values("month")
    return {month.month: Turnout(due, came) for month, due, came in _counted(by_month, "month")}


def turnout_of(meeting: int) -> Turnout:
    """Return how many of those due came to one meeting; one statement."""
    rows = _due().filter(meeting=meeting).values("meeting_id")
    return next((Turnout(due, came) for _pk, due, came in _counted(rows, "meeting_id")), Turnout(0, 0))


def _due() -> QuerySet[Attendance]:
    rows = Attendance.objects.filter(capacity=Capacity.DUE, meeting__state=MeetingState.ENDED)
    return rows.exclude(state__in=["", AttendanceState.EXEMPT]).order_by()


def _attending(nodes: Iterable[int], first: date, last: date) -> QuerySet[Attendance]:
    return _due().filter(
        meeting__organization__in=list(nodes),
        meeting__started_at__gte=midnight(first),
        meeting__started_at__lt=midnight(last + timedelta(days=1)),
    )


def _counted(rows: QuerySet[Attendance, Any], name: str) -> QuerySet[Attendance, Any]:
    return rows.annotate(due=Count("pk"), came=Count("pk", filter=Q(state__in=CAME))).values_list(name, "due", "came")


__all__ = ["Absence", "Turnout", "absences", "turnout_by_month", "turnout_of", "turnouts"]
