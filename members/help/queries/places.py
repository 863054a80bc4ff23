"""The branch of a person, who belongs to it, and who sits on its committee."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from portal.access.rights import ancestor_paths
from portal.accounts.models import User
from portal.organizations.models import BRANCH_TYPES, Appointment, Organization, Standing
from portal.organizations.queries import COMMITTEE_POSTS, belonging

PARTY = (Standing.PROBATIONARY, Standing.FULL_MEMBER)


def branch_at(path: str) -> Organization | None:
    """Return the branch at ``path`` or the nearest above it: people of a party group belong to its branch."""
    if not path:
        return None
    above = Organization.objects.filter(path__in=ancestor_paths([path]), org_type__in=BRANCH_TYPES)
    return above.order_by("-path").first()


def party_members(branch: Organization, *, on: date | None = None) -> dict[int, User]:
    """Return the probationary and full members of ``branch`` and its groups, by name; one query.

    ``on`` asks for a day that has passed.
    """
    here = belonging(branch, on=on).filter(standing__in=PARTY, user__is_active=True)
    return {row.user_id: row.user for row in here.select_related("user").order_by("user__name", "user_id")}


def committee_of(branch: Organization, *, on: date) -> set[int]:
    """Return who holds a post on the committee of ``branch`` on a day; one query."""
    held = Appointment.objects.as_of(on).filter(organization=branch, post__in=COMMITTEE_POSTS)
    return set(held.values_list("user_id", flat=True))


def people_of(keys: Iterable[int]) -> QuerySet[User]:
    """Return people by their keys, as a form offers them."""
    return User.objects.filter(pk__in=list(keys)).order_by("name", "pk")
