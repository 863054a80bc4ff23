"""Write the trail, in the caller's transaction: a change that is rolled back leaves no row."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from portal.accounts.models import User
from portal.organizations.models import Organization

from . import context
from .models import AuditEntry, Outcome

Changes = Mapping[str, Sequence[Any]]
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_COLUMNS = (
    "at", "by_id", "by_label", "verb", "outcome", "model", "object_pk", "object_label", "about_id", "organization_id",
    "changes", "reason", "request_id", "address",
)
_BATCH = 1000


def one_line(text: Any, limit: int) -> str:
    """Return ``text`` on one line: control and direction characters become visible escapes, the rest is cut."""
    words = str(text)
    # What is printable holds none of them, and an import writes a hundred thousand such words.
    return (words if words.isprintable() else _CONTROL.sub(_escaped, words))[:limit]


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON that reads back the same from either database."""
    if isinstance(value, str):
        return one_line(value, 2000)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {one_line(key, 100): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return one_line(value, 2000)


def _label_of(model: type[Model] | Model | str) -> str:
    """Return ``"app.Model"``; asked of the instance, because ``request.user`` is a lazy wrapper of another type."""
    return model if isinstance(model, str) else model._meta.label


def _actor(by: User | AnonymousUser | None) -> tuple[int | None, str]:
    if by is None or not by.is_authenticated:
        return None, ""
    return by.pk, one_line(f"{by.name} ({by.number})", 100)


def _place_of(obj: Model | None) -> int | None:
    """Return the node ``obj`` stands on, as far as it is known without a query."""
    if isinstance(obj, Organization):
        return obj.pk
    return getattr(obj, "organization_id", None)


def record(
    verb: str,
    obj: Model | None,
    *,
    by: User | AnonymousUser | None,
    changes: Changes | None = None,
    reason: str = "",
    about: User | None = None,
    at: Organization | None = None,
    outcome: str = Outcome.DONE,
) -> AuditEntry:
    """Write one row about ``obj``, in the caller's transaction.

    ``changes`` is ``{field: [before, after]}`` with sensitive values masked by the caller; ``about`` is the person
    whose record it is; ``at`` is the node whose auditors may read the row (by default the one ``obj`` stands on).
    """
    by_id, by_label = _actor(by)
    return AuditEntry.objects.create(
        at=timezone.now(),
        by_id=by_id,
        by_label=by_label,
        verb=verb,
        outcome=outcome,
        model=_label_of(obj) if obj is not None else "",
        object_pk=str(obj.pk) if obj is not None else "",
        object_label=one_line(obj, 200) if obj is not None else "",
        about_id=about.pk if about is not None else None,
        organization_id=at.pk if at is not None else _place_of(obj),
        changes=_plain(changes or {}),
        reason=one_line(reason, 500),
        request_id=context.request_id(),
        address=one_line(context.address(), 45),
    )


def record_many(
    verb: str,
    rows: Iterable[tuple],
    *,
    by: User | AnonymousUser | None,
    reason: str = "",
    at: Organization | None = None,
) -> int:
    """Write one row for each of ``rows`` and return how many.

    A row is ``(model, pk, label, about_id, changes)``, with the id of the node as an optional sixth; ``model`` is a
    class or its label. The rows may come from a generator: they are written as they arrive.
    """
    now, (by_id, by_label) = timezone.now(), _actor(by)
    request_id, address, reason = context.request_id(), one_line(context.address(), 45), one_line(reason, 500)
    node_id = at.pk if at is not None else None

    def values() -> Iterator[tuple]:
        for model, pk, label, about_id, changes, *place in rows:
            yield (
                now, by_id, by_label, verb, Outcome.DONE.value, _label_of(model), str(pk), one_line(label, 200),
                about_id, place[0] if place else node_id, _plain(changes or {}), reason, request_id, address,
            )

    with transaction.atomic():
        return _copy(values()) if connection.vendor == "postgresql" else _insert(values())


def _copy(values: Iterable[tuple]) -> int:
    """Write by COPY, which costs a fraction of INSERT on PostgreSQL."""
    from psycopg.types.json import Jsonb  # the driver is absent where only SQLite is used

    quote, meta = connection.ops.quote_name, AuditEntry._meta
    columns = ", ".join(quote(name) for name in _COLUMNS)
    changes_at, count = _COLUMNS.index("changes"), 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN") as copy:
        for row in values:
            copy.write_row([*row[:changes_at], Jsonb(row[changes_at]), *row[changes_at + 1 :]])
            count += 1
    return count


def _insert(values: Iterator[tuple]) -> int:
    """Write by one prepared statement, without an object for each row."""
    quote, meta, prepare = connection.ops.quote_name, AuditEntry._meta, connection.ops.adapt_datetimefield_value
    columns, marks = ", ".join(quote(name) for name in _COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
    at_at, changes_at, count = _COLUMNS.index("at"), _COLUMNS.index("changes"), 0

    def plain(row: tuple) -> list:
        ready = list(row)
        ready[at_at], ready[changes_at] = prepare(row[at_at]), json.dumps(row[changes_at])
        return ready

    statement = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        for batch in iter(lambda: [plain(row) for row in islice(values, _BATCH)], []):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count


def history_of(obj: Model) -> QuerySet[AuditEntry]:
    """Return what was done to ``obj``, newest first."""
    return AuditEntry.objects.filter(model=_label_of(obj), object_pk=str(obj.pk))


# A look at sensitive fields is told by the end of the verb: ``members.revealed``, ``members.exported``.
LOOKS = Q(verb__endswith=".revealed") | Q(verb__endswith=".exported") | Q(verb__endswith=".viewed")


def looks_at(user: User) -> QuerySet[AuditEntry]:
    """Return who looked at sensitive fields of ``user``, newest first."""
    return AuditEntry.objects.filter(LOOKS, about=user)
