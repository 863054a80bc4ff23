"""What one person holds today: duties with the nodes they rest on, posts, and the place of affiliation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import CharField, DateField, F, Q, Value
from django.db.models.functions import Cast
from django.utils import timezone

from portal.accounts.models import User
from portal.organizations.models import Affiliation, Appointment, Organization, OrganizationUserObjectPermission
from portal.web.prepared import Text

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
    """Return what ``user`` holds today: one query at the first call of a request, none after."""
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
    posts: dict[str, list[str]] = defaultdict(list)
    places: list[tuple[date, int, str, str]] = []
    # Ancestors come before what lies below them: a duty held above covers it there.
    for kind, name, path, node_id, since in sorted(_facts(user, on), key=itemgetter(2)):
        if kind == _DUTY:
            if not any(path.startswith(held) for held in duties[name]):
                duties[name].append(path)
        elif kind == _POST:
            posts[name].append(path)
        else:
            places.append((since, node_id, path, name))
    _since, organization_id, organization_path, standing = max(places, default=(on, None, "", ""), key=itemgetter(0))
    return Rights(
        on=on,
        user_id=user.pk,
        duties={duty: tuple(paths) for duty, paths in duties.items()},
        # A post counts from the moment its duties were written.
        posts={post: tuple(paths) for post, paths in posts.items()} if duties else {},
        organization_id=organization_id,
        organization_path=organization_path,
        standing=standing,
    )


_DUTY, _POST, _PLACE = "duty", "post", "place"
_FACT = ("fact_kind", "fact_name", "fact_path", "fact_node", "fact_since")
# What stands in the compiled statement where a person and a day belong.
_SOMEBODY, _SOMEDAY = -1, date(1, 1, 1)


def _facts(user: AnyUser, on: date) -> list[tuple[str, str, str, int, Any]]:
    """Return duties, posts and place of ``user`` as rows of ``_FACT``, by one statement: every page pays for it."""
    text, given = _statement(connection.alias)
    day, someday = (connection.ops.adapt_datefield_value(value) for value in (on, _SOMEDAY))
    filled = [user.pk if value == _SOMEBODY else day if value == someday else value for value in given]
    return text.rows(connection, filled)


@lru_cache(maxsize=4)
def _statement(alias: str) -> tuple[Text, tuple[Any, ...]]:
    """Compile the statement once for a process; building it costs more than running it."""

    def row(kind: str, name: str, node: str, since: Any) -> dict[str, Any]:
        texts = (Value(kind, CharField()), Cast(name, CharField()), F(f"{node}__path"), F(f"{node}_id"))
        return dict(zip(_FACT, (*texts, since), strict=True))

    held = OrganizationUserObjectPermission.objects.filter(Q(until=None) | Q(until__gte=_SOMEDAY), user_id=_SOMEBODY)
    posts = Appointment.objects.in_force(_SOMEDAY).filter(user_id=_SOMEBODY)
    places = Affiliation.objects.on(_SOMEDAY).filter(user_id=_SOMEBODY)
    rows = (
        held.annotate(**row(_DUTY, "permission__codename", "content_object", Value(_SOMEDAY, DateField()))),
        posts.annotate(**row(_POST, "post", "organization", F("since"))),
        places.annotate(**row(_PLACE, "standing", "organization", F("since"))),
    )
    first, *rest = (found.order_by().values_list(*_FACT) for found in rows)
    text, given = first.union(*rest, all=True).query.sql_with_params()
    return Text(text), tuple(given)


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
