"""Who holds a duty around a place, nearest first: whom to tell, and whom to tell next."""

from collections.abc import Iterable

from django.utils import timezone

from portal.organizations.duties import Duty
from portal.organizations.models import OrganizationUserObjectPermission

from .rights import ancestor_paths


def levels_of(path: str, duty: Duty, *, without: Iterable[int] = ()) -> list[tuple[str, frozenset[int]]]:
    """Return who holds ``duty`` today at ``path`` and above, by node, the nearest first; one query.

    Nodes where nobody but those in ``without`` holds it are left out.
    """
    left_out = set(without)
    rows = OrganizationUserObjectPermission.objects.filter(
        permission__codename=str(duty), content_object__path__in=ancestor_paths([path]), user__is_active=True
    ).exclude(until__lt=timezone.localdate())
    held: dict[str, set[int]] = {}
    for there, user_id in rows.values_list("content_object__path", "user_id"):
        if user_id not in left_out:
            held.setdefault(there, set()).add(user_id)
    return [(there, frozenset(held[there])) for there in sorted(held, key=len, reverse=True)]
