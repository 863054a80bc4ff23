"""Ask a query again without building it again.

Building and compiling a queryset costs several times what the database needs to answer it. ``ask`` does that once for a
process and keeps the statement; each further call puts other values into it and reads the rows as Django would.
"""

import logging
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count
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


@dataclass(frozen=True)
class Text:
    """A statement with its placeholders, ready to be asked: PostgreSQL keeps its plan as well.

    Values are sent beside the statement and not within its text, whose placeholders are numbered once and not at each
    call: on a page that asks six long statements, looking for them took a tenth of the time.
    """

    sql: str

    @cached_property
    def numbered(self) -> str:
        numbers = count(1)
        return re.sub("%[%s]", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", self.sql)

    def rows(self, connection: BaseDatabaseWrapper, given: Sequence[Any]) -> list[Any]:
        if connection.vendor != "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(self.sql, given)
                return cursor.fetchall()
        with _numbered_placeholders(connection), connection.cursor() as cursor:
            cursor.execute(self.numbered, given)
            return cursor.fetchall()


@contextmanager
def _numbered_placeholders(connection: BaseDatabaseWrapper) -> Iterator[None]:
    connection.ensure_connection()
    link = connection.connection
    usual, link.cursor_factory = link.cursor_factory, _raw_cursor()
    try:
        yield
    finally:
        link.cursor_factory = usual


@lru_cache(maxsize=1)
def _raw_cursor() -> type:
    from django.db.backends.postgresql.base import CursorMixin  # not to be imported where there is no PostgreSQL
    from psycopg import RawCursor

    return type("NumberedCursor", (CursorMixin, RawCursor), {})


@dataclass(frozen=True)
class _Statement:
    """A compiled query; ``slots`` say which parameter takes which value."""

    queryset: QuerySet[Any]
    compiler: SQLCompiler
    text: Text
    given: tuple[Any, ...]
    slots: tuple[tuple[int, str], ...]

    def filled(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        given = list(self.given)
        for place, name in self.slots:
            given[place] = values[name]
        return tuple(given)

    @cached_property
    def counting(self) -> Text:
        return Text(f"SELECT COUNT(*) FROM ({self.text.sql}) counted")  # noqa: S608

    @cached_property
    def converters(self) -> Any:
        compiler = self.compiler
        return compiler.get_converters([column for column, *_rest in compiler.select[: compiler.col_count]])

    def count(self, values: Mapping[str, Any]) -> int:
        ((found,),) = self.counting.rows(connections[self.queryset.db], self.filled(values))
        return int(found)

    def read(self, values: Mapping[str, Any]) -> list[Any]:
        given = self.filled(values)
        compiler, query = copy(self.compiler), copy(self.queryset.query)
        compiler.connection = connections[self.queryset.db]  # a connection belongs to a thread

        def execute_sql(*_args: Any, **_options: Any) -> list[list[Any]]:
            found = self.text.rows(compiler.connection, given)
            return [[row[: compiler.col_count] for row in found] if compiler.has_extra_select else found]

        compiler.execute_sql = execute_sql  # type: ignore[method-assign,assignment]
        compiler.get_converters = lambda _columns: self.converters  # type: ignore[method-assign,assignment]
        query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        rows = type(self.queryset)(model=self.queryset.model, query=query, using=self.queryset.db)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups", "_known_related_objects"):
            setattr(rows, name, getattr(self.queryset, name))
        return list(rows)


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
    return _Statement(rows, compiler, Text(text), tuple(given), tuple(slots))


def _stand_ins(kinds: tuple[tuple[str, type], ...], start: int) -> dict[str, int | str]:
    return {
        name: f"stand-in-{start + place}" if issubclass(kind, str) else start + place
        for place, (name, kind) in enumerate(kinds)
    }
