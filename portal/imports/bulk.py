"""Write many rows at once: COPY on PostgreSQL, one prepared INSERT on SQLite.

Values are given as the database stores them (an encrypted column gets its ciphertext); only times, days, booleans and
JSON are translated. The lookup ``among`` finds rows for a whole chunk.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models
from django.db.models.lookups import Lookup

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EMPTY = {dict: "{}", list: "[]"}


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Among(Lookup):
    """``field__among=[…]``: ``IN`` with the whole list as one parameter, for lists of thousands."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s)", [*params, self.rhs]
        return f"{left} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]  # noqa: S608


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Return ``count`` fresh primary keys of ``model``; call it inside the transaction that uses them."""
    table, pk = model._meta.db_table, model._meta.pk
    if not count or pk is None:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table), pk.column])
            cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [cursor.fetchone()[0], count])
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer: the transaction is IMMEDIATE, so nobody takes these between now and the insert.
        quote = connection.ops.quote_name
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        kept = cursor.fetchone()
        cursor.execute(f"SELECT COALESCE(MAX({quote(pk.column)}), 0) FROM {quote(table)}")  # noqa: S608 - our own names
        last = max(kept[0] if kept else 0, cursor.fetchone()[0])
        return list(range(last + 1, last + 1 + count))


def fields_and_defaults(
    model: type[models.Model], given: Sequence[str], *, now: datetime
) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Return all field names of ``model``, ``given`` first, and the values of the rest: defaults, ``now`` as stamp."""
    rest = [field for field in model._meta.concrete_fields if field.name not in given]
    stamps = [getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) for field in rest]
    defaults = tuple(now if stamp else field.get_default() for field, stamp in zip(rest, stamps, strict=True))
    return (*given, *(field.name for field in rest)), defaults


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert ``rows`` of the fields ``names`` into the table of ``model``, without signals or ``save``."""
    fields = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(field.column) for field in fields)
    documents = [index for index, field in enumerate(fields) if isinstance(field, models.JSONField)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(_with_documents(row, documents))
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - our own names
                [[_for_sqlite(value) for value in _with_documents(row, documents)] for row in rows],
            )


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Update ``rows`` given as ``(primary key, *values of names)``: one UPDATE … FROM on PostgreSQL."""
    if not rows or model._meta.pk is None:
        return
    fields = [model._meta.get_field(name) for name in names]
    documents = [index + 1 for index, field in enumerate(fields) if isinstance(field, models.JSONField)]
    quote = connection.ops.quote_name
    table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            changes = ", ".join(f"{quote(field.column)} = fresh.{quote(field.column)}" for field in fields)
            columns = ", ".join([pk, *(quote(field.column) for field in fields)])
            cursor.execute(f"CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")  # noqa: S608
            with cursor.copy(f"COPY fresh ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(_with_documents(row, documents))
            cursor.execute(f"UPDATE {table} SET {changes} FROM fresh WHERE {table}.{pk} = fresh.{pk}")  # noqa: S608
            cursor.execute("DROP TABLE fresh")
        else:
            changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
            cursor.executemany(
                f"UPDATE {table} SET {changes} WHERE {pk} = %s",  # noqa: S608 - our own names
                [[*map(_for_sqlite, _with_documents(row, documents)[1:]), row[0]] for row in rows],
            )


def _with_documents(row: Sequence[Any], documents: Sequence[int]) -> Sequence[Any]:
    if not documents:
        return row
    values = list(row)
    for index in documents:
        value = values[index]
        values[index] = _encode(value) if value else _EMPTY[type(value)]
    return values


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value
