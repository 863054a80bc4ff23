"""Tell those who want it, once a day, what was new in a space the day before."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.access.policy import scope
from portal.accounts.models import User
from portal.notifications.posting import Posting, post_many
from portal.organizations.models import Organization

from ..models import SpaceFollow, StreamEntry

CHUNK = 500


@transaction.atomic
def follow(organization: Organization, *, by: User, wanted: bool) -> None:
    """Begin or end being told once a day of what is new in the space of ``organization``."""
    if wanted:
        SpaceFollow.objects.get_or_create(user=by, organization=organization)
    else:
        SpaceFollow.objects.filter(user=by, organization=organization).delete()


def send_digests(on: date) -> int:
    """Leave one notice for each space that somebody follows and in which the day before ``on`` had something for them.

    What counts is what the person may see now; of the own posts nobody needs to be told. Running it again adds nothing.
    """
    ends = timezone.make_aware(datetime.combine(on, time.min))
    day = Q(at__gte=ends - timedelta(days=1), at__lt=ends)
    told = StreamEntry.objects.filter(day, is_shown=True).order_by().values("organization_id")
    wishes = SpaceFollow.objects.filter(organization__in=told, user__is_active=True).order_by("pk")
    left, after = 0, 0
    while part := list(wishes.filter(pk__gt=after).select_related("user", "organization")[:CHUNK]):
        after = part[-1].pk
        left += post_many(_postings(part, day, on))
    return left


def _postings(wishes: list[SpaceFollow], day: Q, on: date) -> Iterator[Posting]:
    for wish in wishes:
        entries = scope(wish.user, "view", StreamEntry).filter(day, organization_id=wish.organization_id)
        titles = list(entries.exclude(by=wish.user).order_by("-at", "-pk").values_list("title", flat=True)[:99])
        if titles:
            yield Posting(
                "space_digest",
                key=f"spaces.digest:{wish.organization_id}:{on.isoformat()}",
                recipients=frozenset([wish.user_id]),
                params={"organization": str(wish.organization), "count": len(titles), "title": titles[0]},
                url=reverse("spaces:space-detail", args=[wish.organization_id]),
            )
