"""Resolutions: what is open where, whose it is, and who is told when it is late."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.access.policy import scope
from portal.access.rights import AnyUser, ancestor_paths
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationUserObjectPermission
from portal.organizations.queries import belonging

from ..models import Minutes, Resolution, ResolutionState


def open_resolutions(organization: Organization) -> QuerySet[Resolution]:
    """Return what is still to be done of what the organization resolved, the earliest due first."""
    rows = Resolution.objects.filter(organization=organization, state=ResolutionState.OPEN)
    return rows.select_related("owner").order_by("due_on", "pk")


def keepers_of(paths: Iterable[str]) -> dict[str, set[int]]:
    """Return who keeps the meetings of each node: the holders on the node itself, else on the nearest above.

    One statement.
    """
    wanted = sorted(set(paths))
    if not wanted:
        return {}
    rows = OrganizationUserObjectPermission.objects.filter(
        permission__codename=str(Duty.HOLD_MEETINGS),
        user__is_active=True,
        content_object__path__in=ancestor_paths(wanted),
    ).exclude(until__lt=timezone.localdate())
    held: dict[str, set[int]] = {}
    for path, user_id in rows.values_list("content_object__path", "user_id"):
        held.setdefault(path, set()).add(user_id)
    return {
        path: held[max(above, key=len)]
        for path in wanted
        if (above := [place for place in ancestor_paths([path]) if place in held])
    }


def owners_for(minutes: Minutes, *, on: date) -> QuerySet[User]:
    """Return who may be asked to see to a resolution: the people of the branch, and those of the meeting."""
    here = belonging(minutes.organization).values("user_id")
    there = minutes.meeting.attendances.values("user_id")
    return User.objects.filter(
        Q(pk__in=here) | Q(pk__in=there) | Q(pk__in=[minutes.chair_id, minutes.recorder_id]), is_active=True
    ).order_by("name", "pk")


def listed(
    user: AnyUser,
    *,
    on: date,
    organization: Organization | None = None,
    state: str = "",
    whose: str = "",
    words: str = "",
) -> QuerySet[Resolution]:
    """Return the resolutions that ``user`` sees, narrowed; ``state`` may be ``late``."""
    rows = scope(user, "view", Resolution)
    if organization is not None:
        rows = rows.filter(organization__path__startswith=organization.path)
    if state == "late":
        rows = rows.filter(state=ResolutionState.OPEN, due_on__lt=on)
    elif state:
        rows = rows.filter(state=state)
    if whose == "mine":
        rows = rows.filter(owner=user.pk)
    if words:
        rows = rows.filter(Q(words__icontains=words) | Q(owner__name=words))
    return rows.select_related("organization", "owner", "minutes").order_by("-due_on", "-pk")
