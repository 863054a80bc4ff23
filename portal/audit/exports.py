"""The trail as text for an auditor's own tools: one JSON object a line, seals included, read in key ranges."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet

from .models import AuditEntry

_BATCH = 1000


def lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """Yield ``entries`` oldest first; memory stays flat however many there are."""
    last = 0
    while batch := list(entries.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        for entry in batch:
            yield json.dumps(_told(entry), ensure_ascii=False) + "\n"
        last = batch[-1].pk


def _told(entry: AuditEntry) -> dict:
    return {
        "id": entry.pk, "at": entry.at.isoformat(), "by": entry.by_label, "verb": entry.verb, "outcome": entry.outcome,
        "model": entry.model, "object_pk": entry.object_pk, "object": entry.object_label, "about_id": entry.about_id,
        "organization_id": entry.organization_id, "changes": entry.changes, "reason": entry.reason,
        "request": entry.request_id, "address": entry.address, "sequence": entry.sequence, "hash": entry.hash,
    }
