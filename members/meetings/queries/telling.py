"""Whom to tell about a meeting."""

from django.db.models import QuerySet
from django.utils import timezone

from portal.access.rights import ancestor_paths
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationUserObjectPermission


def grantors(organization: Organization, *, without: User | None = None) -> QuerySet[User]:
    """Return who decides about leave here: those who hold meetings on the nearest node where anybody else does."""
    rows = OrganizationUserObjectPermission.objects.filter(
        permission__codename=Duty.HOLD_MEETINGS.value,
        content_object__path__in=ancestor_paths([organization.path]),
        user__is_active=True,
    ).exclude(until__lt=timezone.localdate())
    if without is not None:
        rows = rows.exclude(user=without)
    held: dict[str, set[int]] = {}
    for path, user_id in rows.values_list("content_object__path", "user_id"):
        held.setdefault(path, set()).add(user_id)
    nearest = max(held, key=len, default="")
    return User.objects.filter(pk__in=held.get(nearest, ()), is_active=True)
