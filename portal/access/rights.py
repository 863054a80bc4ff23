"""What one person holds today: duties with the nodes they rest on, posts, and the place of affiliation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from portal.organizations.models import Affiliation, Appointment, Organization, OrganizationUserObjectPermission

AnyUser = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Rights:
    """The facts from which every permission of one person follows, as of ``on``.

    ``duties`` maps a duty to the tree paths it is held on; ``paths`` are the paths of the nodes the person belongs to
    (affiliation first, then posts); ``posts`` maps a post to the paths it is held on.
    """

    on: date
    user_id: int | None = None
    duties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    organization_id: int | None = None
    organization_path: str = ""
    standing: str = ""

    def holds(self, duty: str) -> bool:
        """Say whether the duty is held anywhere at all: for navigation, never for an object."""
        return bool(self.duties.get(duty))

    def holds_on(self, duty: str, path: str) -> bool:
        """Say whether the duty is held on the node at ``path`` or above it."""
        return any(path.startswith(held) for held in self.duties.get(duty, ()))

    @property
    def has_duties(self) -> bool:
        return bool(self.duties)

    @property
    def belongs_to(self) -> tuple[str, ...]:
        """Paths of every node the person belongs to by affiliation or by post, without repeats."""
        paths = [self.organization_path] if self.organization_path else []
        paths += [path for held in self.posts.values() for path in held]
        return tuple(dict.fromkeys(paths))


NOBODY = Rights(on=date.min)


def rights_of(user: AnyUser | None) -> Rights:
    """Return what ``user`` holds today: three short queries at the first call of a request, none after."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    today = timezone.localdate()
    known: Rights | None = getattr(user, "_rights", None)
    if known is None or known.on != today:
        known = _load(user, today)
        user._rights = known  # type: ignore[union-attr]
    return known


def forget_rights(user: AnyUser) -> None:
    """Drop what was read for ``user``; the next question reads again."""
    if hasattr(user, "_rights"):
        del user._rights


def _load(user: AnyUser, on: date) -> Rights:
    duties: dict[str, list[str]] = defaultdict(list)
    rows = (
        OrganizationUserObjectPermission.objects.filter(user_id=user.pk)
        .filter(Q(until=None) | Q(until__gte=on))
        .values_list("permission__codename", "content_object__path")
        .order_by("content_object__path")
    )
    for codename, path in rows:
        if not any(path.startswith(held) for held in duties[codename]):
            duties[codename].append(path)
    posts: dict[str, list[str]] = defaultdict(list)
    if duties:
        for post, path in (
            Appointment.objects.in_force(on).filter(user_id=user.pk).values_list("post", "organization__path")
        ):
            posts[post].append(path)
    place = (
        Affiliation.objects.on(on)
        .filter(user_id=user.pk)
        .order_by("-since")
        .values_list("organization_id", "organization__path", "standing")
        .first()
    )
    return Rights(
        on=on,
        user_id=user.pk,
        duties={duty: tuple(paths) for duty, paths in duties.items()},
        posts={post: tuple(paths) for post, paths in posts.items()},
        organization_id=place[0] if place else None,
        organization_path=place[1] if place else "",
        standing=place[2] if place else "",
    )


def ancestor_paths(paths: Iterable[str]) -> list[str]:
    """Return every path from the root down to each of ``paths``, themselves included."""
    step = Organization.steplen
    return sorted({path[:end] for path in paths for end in range(step, len(path) + 1, step)})


def under(prefix: str, paths: Iterable[str]) -> Q:
    """Return the condition that the node reached by lookup ``prefix`` lies on or under one of ``paths``.

    ``prefix`` is a lookup that ends at an ``Organization`` (``"author__organization"``), ``""`` for the model itself.
    """
    lookup = f"{prefix}__path__startswith" if prefix else "path__startswith"
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{lookup: path})
    return condition
