"""What a seal covers, and whether a chain of seals holds today."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType

from portal.files.models import StoredFile
from portal.organizations.models import Organization

from ..models import Addendum, Chain, Minutes, MinutesState
from ..rules import Fault, Link, Verdict, verify

BATCH = 500


def content_of(minutes: Minutes) -> dict[str, Any]:
    """Return everything that a seal covers, read from the row alone, so that no other row can change it."""
    return {
        "part": minutes.part_id,
        "meeting": minutes.meeting_id,
        "organization": minutes.organization_id,
        "number": minutes.number,
        "kind": minutes.kind,
        "title": minutes.title,
        "held_at": _exact(minutes.held_at),
        "held_on": minutes.held_on.isoformat(),
        "chair": minutes.chair_id,
        "recorder": minutes.recorder_id,
        "readers": minutes.readers,
        "facts": minutes.facts,
        **minutes.told(),
        "version": minutes.version,
        "chair_confirmed": [minutes.chair_confirmed_by_id, _exact(minutes.chair_confirmed_at)],
        "recorder_confirmed": [minutes.recorder_confirmed_by_id, _exact(minutes.recorder_confirmed_at)],
        "sealed_at": _exact(minutes.sealed_at),
    }


def addendum_content(addendum: Addendum) -> dict[str, Any]:
    """Return everything that the seal of an addendum covers."""
    return {
        "minutes": addendum.minutes_id,
        "organization": addendum.organization_id,
        "number": addendum.number,
        "words": addendum.words,
        "reason": addendum.reason,
        "by": addendum.by_id,
        "by_name": addendum.by_name,
        "at": _exact(addendum.at),
    }


def _exact(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def check_chain(organization: Organization, *, told: Callable[[int], None] | None = None) -> Verdict:
    """Recompute every digest of the organization's chain, then look whether the files sealed with it are all there.

    ``told`` is called with the number of links that were read so far.
    """
    chain = Chain.objects.filter(organization=organization).first()
    links = _links(organization) if told is None else _counted(_links(organization), told)
    found = verify(links, number=chain.number if chain else 0, head=chain.head if chain else "")
    return found if not found.holds else _with_files(organization, found)


def _counted(links: Iterator[Link], told: Callable[[int], None]) -> Iterator[Link]:
    for count, link in enumerate(links, start=1):
        yield link
        told(count)


def _links(organization: Organization) -> Iterator[Link]:
    """Read the chain in its order by ranges of numbers, so that memory stays flat."""
    first = 1
    while True:
        within = {"organization": organization, "number__gte": first, "number__lt": first + BATCH}
        rows: list[Minutes | Addendum] = [
            *Minutes.objects.filter(state=MinutesState.SEALED, **within),
            *Addendum.objects.filter(**within),
        ]
        if not rows:
            # A gap wider than a batch is still a gap: what lies behind it is asked for.
            behind = _next_number(organization, first)
            if behind is None:
                return
            first = behind
            continue
        for row in sorted(rows, key=lambda row: row.number or 0):
            content = content_of(row) if isinstance(row, Minutes) else addendum_content(row)
            yield Link(row.number or 0, row.prev_digest, row.digest, content, label=str(row))
        first += BATCH


def _next_number(organization: Organization, after: int) -> int | None:
    numbers = [
        model._default_manager.filter(organization=organization, number__gte=after)
        .order_by("number")
        .values_list("number", flat=True)
        .first()
        for model in (Minutes, Addendum)
    ]
    return min((number for number in numbers if number), default=None)


def _with_files(organization: Organization, found: Verdict) -> Verdict:
    owner = ContentType.objects.get_for_model(Minutes)
    sealed = Minutes.objects.filter(organization=organization, state=MinutesState.SEALED).exclude(facts__files=[])
    rows = {pk: told for pk, *told in sealed.values_list("pk", "number", "title", "facts")}
    kept: dict[int | None, set[str]] = {}
    for pk, sha256 in StoredFile.objects.filter(content_type=owner, object_id__in=list(rows)).values_list(
        "object_id", "sha256"
    ):
        kept.setdefault(pk, set()).add(sha256)
    for pk, (number, title, facts) in sorted(rows.items(), key=lambda row: row[1][0]):
        if {file["sha256"] for file in facts.get("files", [])} - kept.get(pk, set()):
            return Verdict(found.checked, found.head, Fault.FILES, number, title)
    return found
