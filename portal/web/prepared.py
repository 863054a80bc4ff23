"""Ask a query again without building it again.

Building and compiling a queryset costs several times what the database needs to answer it. ``ask`` does that once for a
process and keeps the statement; each further call puts other values into it and reads the rows as Django would.
"""

import logging
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

logger = logging.getLogger(__name__)

Build = Callable[..., QuerySet[Any]]

_REMEMBERED = 4096
# Two sets of stand-ins: what differs between two builds is a slot, or depends on something that no key names.
_FIRST, _SECOND = 1_914_270_001, 1_827_360_001


class Instant(Func):
    """A moment given as whole seconds since 1970, which as a named value lets a prepared query ask of any moment."""

    function = "to_timestamp"
    output_field = DateTimeField()

    def __init__(self, seconds: int) -> None:
        super().__init__(Value(seconds))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="datetime(%(expressions)s, 'unixepoch')", **context)


def this_second() -> int:
    """Return the moment for an ``Instant``."""
    return int(timezone.now().timestamp())


class NotPreparable(Exception):
    """The queryset depends on more than its slots and its key, on the moment for instance."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A compiled query; ``slots`` say which parameter takes which value."""

    rows: QuerySet[Any]
    compiler: SQLCompiler
    text: str
    given: tuple[Any, ...]
    slots: tuple[tuple[int, str], ...]

    def filled(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        given = list(self.given)
        for place, name in self.slots:
            given[place] = values[name]
        return tuple(given)

    def count(self, values: Mapping[str, Any]) -> int:
        connection = connections[self.rows.db]
        with _planned_once(connection), connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({self.text}) counted", self.filled(values))  # noqa: S608
            return int(cursor.fetchone()[0])

    def read(self, values: Mapping[str, Any]) -> list[Any]:
        given = self.filled(values)
        compiler, query = copy(self.compiler), copy(self.rows.query)
        compiler.connection = connections[self.rows.db]  # a connection belongs to a thread
        compiler.as_sql = lambda *args, **kwargs: (self.text, given)  # type: ignore[method-assign]
        query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        rows = type(self.rows)(model=self.rows.model, query=query, using=self.rows.db)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_known_related_objects"):
            setattr(rows, name, getattr(self.rows, name))
        with _planned_once(compiler.connection):
            return list(rows)


@contextmanager
def _planned_once(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let PostgreSQL keep the plan as well: inside, values are sent beside the statement and not within its text."""
    if connection.vendor != "postgresql":
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    link = connection.connection
    usual, link.cursor_factory = link.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        link.cursor_factory = usual


def ask(build: Build, *key: Hashable, **values: int | str) -> list[Any]:
    """Return the rows of ``build(*key, **values)``.

    ``key`` holds everything that shapes the statement, ``values`` what only fills it: whole numbers and texts, given
    to the database unchanged. The day is always part of the key. A query that turns out to depend on more is built
    anew each time, and the log says so.
    """
    try:
        statement = _prepare(build, key, _kinds(values), timezone.localdate())
    except NotPreparable:
        logger.exception("%s cannot be prepared", key or build)
        return list(build(*key, **values))
    return statement.read(values) if statement and _is_possible(values) else []


def ask_count(build: Build, *key: Hashable, **values: int | str) -> int:
    """Return how many rows ``ask`` would return, counted by the database."""
    try:
        statement = _prepare(build, key, _kinds(values), timezone.localdate())
    except NotPreparable:
        logger.exception("%s cannot be prepared", key or build)
        return build(*key, **values).count()
    return statement.count(values) if statement and _is_possible(values) else 0


def _is_possible(values: Mapping[str, Any]) -> bool:
    """Say whether the database can hold every number: none of its rows has a key beyond 64 bits."""
    return all(not isinstance(value, int) or -(2**63) <= value < 2**63 for value in values.values())


def _kinds(values: Mapping[str, Any]) -> tuple[tuple[str, type], ...]:
    return tuple((name, type(value)) for name, value in values.items())


@lru_cache(maxsize=_REMEMBERED)
def _prepare(build: Build, key: tuple[Any, ...], kinds: tuple[tuple[str, type], ...], day: Any) -> _Statement | None:
    first, second = _stand_ins(kinds, _FIRST), _stand_ins(kinds, _SECOND)
    try:
        rows, other = build(*key, **first), build(*key, **second)
        compiler = rows.query.get_compiler(rows.db)
        text, given = compiler.as_sql()
        other_text, other_given = other.query.get_compiler(other.db).as_sql()
    except EmptyResultSet:
        return None
    if text != other_text or len(given) != len(other_given):
        raise NotPreparable(text)
    names = {(value, second[name]): name for name, value in first.items()}
    slots = []
    for place, (value, twin) in enumerate(zip(given, other_given, strict=True)):
        if value == twin:
            continue
        name = names.get((value, twin))
        if name is None:
            raise NotPreparable(text)
        slots.append((place, name))
    return _Statement(rows, compiler, text, tuple(given), tuple(slots))


def _stand_ins(kinds: tuple[tuple[str, type], ...], start: int) -> dict[str, int | str]:
    return {
        name: f"stand-in-{start + place}" if issubclass(kind, str) else start + place
        for place, (name, kind) in enumerate(kinds)
    }
