"""Ask one query for many people without building it for each: what they hold shapes it, who they are fills it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from portal.web.prepared import ask, ask_count

from .rights import AnyUser, Rights, rights_of

Held = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything of a person's rights that conditions are made of, without the person."""

    on: date
    duties: Held
    posts: Held
    organization_id: int | None
    organization_path: str
    standing: str


class Asker:
    """Stands for anybody of one shape while a query is built; policies ask no more of a user than this."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, shape: Shape, pk: int) -> None:
        self.pk = self.id = pk
        self._rights = Rights(
            on=shape.on,
            user_id=pk,
            duties=dict(shape.duties),
            posts=dict(shape.posts),
            organization_id=shape.organization_id,
            organization_path=shape.organization_path,
            standing=shape.standing,
        )


def ask_as(user: AnyUser, build: Callable[..., QuerySet[Any]], *key: Hashable, **values: int | str) -> list[Any]:
    """Return the rows of ``build(user, *key, **values)``, built once for all who hold the same (``ask``)."""
    if not user.is_authenticated:
        return ask(_for_visitor, build, *key, **values)
    shape = _shape_of(user)
    if shape is None:
        return list(build(user, *key, **values))
    return ask(_for_somebody, build, shape, *key, asker=user.pk, **values)


def count_as(user: AnyUser, build: Callable[..., QuerySet[Any]], *key: Hashable, **values: int | str) -> int:
    """Return how many rows ``ask_as`` would return, counted by the database."""
    if not user.is_authenticated:
        return ask_count(_for_visitor, build, *key, **values)
    shape = _shape_of(user)
    if shape is None:
        return build(user, *key, **values).count()
    return ask_count(_for_somebody, build, shape, *key, asker=user.pk, **values)


class PreparedRows:
    """Rows for a ``KeysetPaginator``: the first page and the count are asked, other pages are built."""

    def __init__(self, user: AnyUser, build: Callable[..., QuerySet[Any]], *key: Hashable, **values: int | str) -> None:
        self.user, self.build, self.key, self.values = user, build, key, values

    def queryset(self) -> QuerySet[Any]:
        return self.build(self.user, *self.key, **self.values)

    def first(self, fields: tuple[str, ...], limit: int) -> list[Any]:
        return ask_as(self.user, _first, self.build, fields, limit, *self.key, **self.values)

    def count(self, limit: int) -> int:
        """Return how many rows there are, counting no further than ``limit``."""
        return count_as(self.user, _keys, self.build, limit, *self.key, **self.values)


def _first(
    user: AnyUser, build: Callable[..., QuerySet[Any]], fields: tuple[str, ...], limit: int, *key: Any, **values: Any
) -> QuerySet[Any]:
    return build(user, *key, **values).order_by(*fields)[:limit]


def _keys(
    user: AnyUser, build: Callable[..., QuerySet[Any]], limit: int, *key: Any, **values: Any
) -> QuerySet[Any]:
    return build(user, *key, **values).order_by().values("pk")[:limit]


def _shape_of(user: AnyUser) -> Shape | None:
    rights = rights_of(user)
    if rights.user_id is None:
        return None
    return Shape(
        rights.on,
        tuple(rights.duties.items()),
        tuple(rights.posts.items()),
        rights.organization_id,
        rights.organization_path,
        rights.standing,
    )


def _for_visitor(build: Callable[..., QuerySet[Any]], *key: Hashable, **values: int | str) -> QuerySet[Any]:
    return build(AnonymousUser(), *key, **values)


def _for_somebody(
    build: Callable[..., QuerySet[Any]], shape: Shape, *key: Hashable, asker: int, **values: int | str
) -> QuerySet[Any]:
    return build(Asker(shape, asker), *key, **values)
