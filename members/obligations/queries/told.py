"""Whom the schedule tells: who convenes the meetings of a node, and who watches over it from above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.access.rights import ancestor_paths
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationUserObjectPermission

People = frozenset[int]
NOBODY: People = frozenset()


@dataclass(frozen=True, slots=True)
class Offices:
    """Who holds which of the two duties on which path."""

    held: Mapping[tuple[str, str], People]
    # Key and name of each node on which somebody holds a duty, by its path.
    nodes: Mapping[str, tuple[int, str]]

    def keepers(self, path: str, *, only_here: bool = False) -> People:
        """Return who convenes meetings at ``path``, or at the nearest node above that has somebody."""
        for there in [path] if only_here else reversed(ancestor_paths([path])):
            if people := self.held.get((str(Duty.HOLD_MEETINGS), there)):
                return people
        return NOBODY

    def superiors(self, path: str) -> list[tuple[str, People]]:
        """Return the nodes above ``path`` from which somebody watches over it, the nearest first.

        Nobody stands above the root: it is told itself.
        """
        above = [there for there in ancestor_paths([path]) if there != path] or [path]
        found = ((there, self.held.get((str(Duty.SUPERVISE_LIFE), there), NOBODY)) for there in reversed(above))
        return [(there, people) for there, people in found if people]


def offices_of(paths: Iterable[str], on: date) -> Offices:
    """Return who answers for the nodes at ``paths`` and above; one statement."""
    rows = (
        OrganizationUserObjectPermission.objects.filter(
            permission__codename__in=[str(Duty.HOLD_MEETINGS), str(Duty.SUPERVISE_LIFE)],
            content_object_id__in=Organization.objects.filter(path__in=ancestor_paths(paths)).order_by().values("pk"),
            user__is_active=True,
        )
        .exclude(until__lt=on)
        .values_list(
            "permission__codename",
            "user_id",
            "content_object__path",
            "content_object_id",
            "content_object__short_name",
            "content_object__name",
        )
    )
    held: dict[tuple[str, str], set[int]] = {}
    nodes: dict[str, tuple[int, str]] = {}
    for duty, user_id, path, key, short_name, name in rows:
        held.setdefault((duty, path), set()).add(user_id)
        nodes[path] = key, short_name or name
    return Offices({key: frozenset(people) for key, people in held.items()}, nodes)
