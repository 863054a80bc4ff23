"""The list of those who take part, for whoever leads an activity."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.organizations.models import Affiliation

from ..models import Activity, Enrolment, EnrolmentState


def listed(activity: Activity) -> QuerySet[Enrolment]:
    """Return who has a place and who waits, in the order of the queue, with where each belongs: one query."""
    here = Affiliation.objects.filter(user=OuterRef("user"), until=None).order_by("-since", "-pk")
    rows = Enrolment.objects.filter(activity=activity).exclude(state=EnrolmentState.WITHDRAWN)
    rows = rows.select_related("user", "team").annotate(
        belongs_to=Subquery(here.values("organization__short_name")[:1])
    )
    return rows.order_by("state", "place")


def by_numbers(numbers: Iterable[str]) -> dict[str, User]:
    """Return the people with these student or staff numbers, by number."""
    return {user.number: user for user in User.objects.filter(number__in=list(numbers), is_active=True)}


def place_of(activity: Activity, user: AnyUser) -> Enrolment | None:
    """Return the place of ``user``, or the one in the queue; ``None`` for whoever has none or withdrew."""
    rows = Enrolment.objects.filter(activity=activity, user=user.pk).exclude(state=EnrolmentState.WITHDRAWN)
    return rows.select_related("team").first()


def number_in_queue(place: Enrolment | None) -> int:
    """Return which one in the queue somebody is, 0 for whoever does not wait."""
    if place is None or place.state != EnrolmentState.WAITING:
        return 0
    waiting = Enrolment.objects.filter(activity=place.activity_id, state=EnrolmentState.WAITING)
    return waiting.filter(place__lte=place.place).count()


def came_to(activity: Activity) -> int:
    """Count who was there."""
    return Enrolment.objects.filter(activity=activity, attended=True).count()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a page shows it: the small one leads to the large one."""

    pk: int
    name: str
    thumb: str
    wide: str
    alt: str


def gallery(activity: Activity) -> list[Picture]:
    """Return the pictures of an activity in the order they came: one query."""
    return [
        Picture(
            pk=row.pk,
            name=row.name,
            thumb=row.rendition_url("thumb"),
            wide=row.rendition_url("wide"),
            alt=row.caption or _("Picture %(number)d of %(title)s") % {"number": number, "title": activity.title},
        )
        for number, row in enumerate(activity.pictures.order_by("pk"), start=1)
    ]
