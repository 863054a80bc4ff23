"""Lists of activities as somebody may see them, narrowed by what stands in the address."""

from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.access.policy import scope
from portal.access.rights import AnyUser, under
from portal.organizations.models import Organization
from portal.web.prepared import Instant

from ..models import SHOWN, Activity, Enrolment, EnrolmentState, Juror, State

WHEN = ("coming", "week", "month", "past")
MINE = ("enrolled", "started", "jury")
LIVING = (EnrolmentState.ENROLLED, EnrolmentState.WAITING)


def seen_by(user: AnyUser) -> QuerySet[Activity]:
    """Return what ``user`` may see, with who started it and how many take part."""
    return scope(user, "view", Activity).with_people().with_counts()


def enrolled_in(user: AnyUser) -> Q:
    return Q(Exists(Enrolment.objects.filter(activity=OuterRef("pk"), user=user.pk, state__in=LIVING)))


def filtered(
    rows: QuerySet[Activity],
    user: AnyUser,
    *,
    now: datetime,
    kind: str = "",
    when: str = "",
    open: bool = False,  # noqa: A002 - named as in the address
    mine: str = "",
    organization: Organization | None = None,
    words: str = "",
) -> QuerySet[Activity]:
    """Narrow a list; without ``mine`` it holds what is approved, by default what has not ended."""
    midnight = datetime.combine(timezone.localdate(now), time.min, tzinfo=timezone.get_current_timezone())
    if mine == "enrolled":
        rows = rows.filter(enrolled_in(user))
    elif mine == "started":
        rows = rows.filter(author=user.pk)
    elif mine == "jury":
        rows = rows.filter(Exists(Juror.objects.filter(activity=OuterRef("pk"), user=user.pk)))
    else:
        rows = rows.filter(state__in=SHOWN)
    if when == "past":
        rows = rows.filter(ends_at__lte=now)
    elif when == "week":
        rows = rows.filter(ends_at__gt=now, begins_at__lt=midnight + timedelta(days=7))
    elif when == "month":
        rows = rows.filter(ends_at__gt=now, begins_at__lt=midnight + timedelta(days=31))
    elif when == "coming" or not mine:
        rows = rows.filter(ends_at__gt=now)
    if kind:
        rows = rows.filter(kind=kind)
    if open:
        rows = rows.open_at(now)
    if organization is not None:
        rows = rows.filter(under("organization", [organization.path]))
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(words__icontains=words) | Q(place__icontains=words))
    backwards = when == "past" or (bool(mine) and not when)
    return rows.order_by("-begins_at", "-pk") if backwards else rows.order_by("begins_at", "pk")


def to_approve(user: AnyUser) -> QuerySet[Activity]:
    """Return what waits for an approval that ``user`` may give, what begins first on top."""
    rows = scope(user, "approve", Activity).filter(state=State.SUBMITTED)
    return rows.with_people().order_by("begins_at", "pk")


def my_coming(user: AnyUser, now: datetime | Instant) -> QuerySet[Activity]:
    """Return what ``user`` is enrolled in and has not ended."""
    mine = Enrolment.objects.filter(user=user.pk, state__in=LIVING, activity__state=State.APPROVED)
    rows = Activity.objects.filter(pk__in=mine.values("activity"), ends_at__gt=now)
    return rows.select_related("organization").order_by("begins_at", "pk")


def to_lead(user: AnyUser, now: datetime | Instant) -> QuerySet[Activity]:
    """Return what ``user`` started and has to go on with: what came back, and what has ended without being finished."""
    return Activity.objects.filter(_leads(user, now)).order_by("begins_at", "pk")


def to_score(user: AnyUser, now: datetime | Instant) -> QuerySet[Activity]:
    """Return the contests that have begun and whose scores are open, in which ``user`` judges."""
    return Activity.objects.filter(_judges(user, now)).order_by("begins_at", "pk")


def to_go_on(user: AnyUser, now: datetime | Instant) -> QuerySet[Activity]:
    """Return what ``user`` has to lead or to score."""
    return Activity.objects.filter(_leads(user, now) | _judges(user, now))


def _leads(user: AnyUser, now: datetime | Instant) -> Q:
    back = Q(state=State.RETURNED)
    ended = Q(state__in=(State.APPROVED, State.HELD), ends_at__lte=now)
    return (back | ended) & Q(author=user.pk)


def _judges(user: AnyUser, now: datetime | Instant) -> Q:
    judged = Exists(Juror.objects.filter(activity=OuterRef("pk"), user=user.pk))
    return Q(judged, state__in=(State.APPROVED, State.HELD), scored_at=None, begins_at__lte=now)


def on_days(user: AnyUser, node: Organization, first: datetime, last: datetime) -> QuerySet[Activity]:
    """Return the activities of a node and below from a moment to another, as ``user`` may see them."""
    rows = scope(user, "view", Activity).filter(
        under("organization", [node.path]), state__in=SHOWN, begins_at__gte=first, begins_at__lt=last
    )
    return rows.order_by("begins_at", "pk")


def held_in(user: AnyUser, node: Organization, year: int) -> QuerySet[Activity]:
    """Return what a node and those below held in a calendar year, as ``user`` may see it."""
    zone = timezone.get_current_timezone()
    first, after = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    return scope(user, "view", Activity).filter(
        under("organization", [node.path]),
        state__in=(State.HELD, State.FINISHED),
        begins_at__gte=first,
        begins_at__lt=after,
    )
