"""The chain that makes a change in the trail visible: each sealed row carries a keyed hash of itself and the last one.

Rows are written unsealed, so that writing waits for nobody; sealing follows within seconds, one process at a time.
The key is no part of the database: who can only write there cannot forge a row.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from .models import AuditEntry

_BATCH = 2000
_ADVISORY_LOCK = 0x61756469
START = "0" * 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``verify`` found: how many rows were checked, the last hash, and the first broken row if there is one."""

    checked: int
    head: str
    broken_id: int | None = None
    fault: str = ""

    @property
    def whole(self) -> bool:
        return not self.fault


def hash_of(entry: AuditEntry, *, sequence: int, prev_hash: str) -> str:
    """Return the keyed hash of everything that was written into ``entry``, at its place in the chain."""
    told = {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "changes": entry.changes,
    }
    for name in (
        "by_id", "by_label", "verb", "outcome", "model", "object_pk", "object_label", "about_id", "organization_id",
        "reason", "request_id", "address",
    ):
        told[name] = getattr(entry, name)
    text = json.dumps([sequence, prev_hash, told], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(f"audit-chain:{settings.INDEX_KEY}".encode(), text.encode(), hashlib.sha256).hexdigest()


def seal() -> int:
    """Chain every row not yet chained, in the order written, and return how many; safe to run at any time and twice."""
    sealed = 0
    while count := _seal_batch():
        sealed += count
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
    entries = list(AuditEntry.objects.filter(hash=None).order_by("pk")[:_BATCH])
    if not entries:
        return 0
    sequence = AuditEntry.objects.aggregate(last=Max("sequence"))["last"] or 0
    prev_hash = AuditEntry.objects.values_list("hash", flat=True).get(sequence=sequence) if sequence else START
    rows = []
    for entry in entries:
        sequence += 1
        digest = hash_of(entry, sequence=sequence, prev_hash=prev_hash)
        rows.append((sequence, prev_hash, digest, entry.pk))
        prev_hash = digest
    _write(rows)
    return len(rows)


def _write(rows: list[tuple[int, str, str, int]]) -> None:
    """Fill in the seals: the one change of a row that the database lets through."""
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} AS entry SET sequence = seal.sequence, prev_hash = seal.prev_hash,"  # noqa: S608
                " hash = seal.hash"
                " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[])"
                " AS seal(sequence, prev_hash, hash, id) WHERE entry.id = seal.id",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            cursor.executemany(f"UPDATE {table} SET sequence = %s, prev_hash = %s, hash = %s WHERE id = %s", rows)  # noqa: S608


def verify() -> Verdict:
    """Seal what is new, then walk the chain from its start; stop at the first row that does not fit."""
    seal()
    checked, head = 0, START
    for entry in _in_order():
        if entry.sequence != checked + 1:
            return Verdict(checked, head, entry.pk, "a row is missing before this one")
        if entry.prev_hash != head:
            return Verdict(checked, head, entry.pk, "this row does not follow the one before")
        digest = hash_of(entry, sequence=entry.sequence, prev_hash=head)
        if not hmac.compare_digest(digest, entry.hash or ""):
            return Verdict(checked, head, entry.pk, "this row was changed after it was written")
        checked, head = checked + 1, digest
    return Verdict(checked, head)


def _in_order() -> Iterator[AuditEntry]:
    """Read the chain by key ranges, so that memory stays flat and no cursor outlives a transaction."""
    last = 0
    while batch := list(AuditEntry.objects.filter(sequence__gt=last).order_by("sequence")[:_BATCH]):
        yield from batch
        last = batch[-1].sequence or 0
