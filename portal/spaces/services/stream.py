"""Tell the stream of a node what happened; rooms call this and nothing behind it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from portal.accounts.models import User
from portal.audiences.models import Audience
from portal.extensions.registry import stream_kinds
from portal.organizations.models import Organization

from ..models import Reach, SpacePost, StreamEntry

T = TypeVar("T")
CHUNK = 400
_WRITTEN = ["organization", "visibility", "kind", "title", "words", "url", "at", "by", "audience", "post", "is_shown"]


@dataclass(frozen=True, slots=True)
class Told:
    """One entry: what happened on a node, for whom, and where it is told in full.

    ``key`` names the matter in its room (``"meetings.held:12"``). ``title`` and ``words`` are plain text in the
    language of the people who wrote it, never a sentence of the portal: the kind says what the matter is.
    """

    organization: Organization
    kind: str
    key: str
    title: str
    url: str
    at: datetime
    by: User | None = None
    visibility: str = Reach.SPACE
    audience: Audience | None = None
    words: str = ""
    post: SpacePost | None = None
    is_shown: bool = True


def tell(
    organization: Organization,
    *,
    kind: str,
    key: str,
    title: str,
    url: str,
    at: datetime,
    by: User | None = None,
    visibility: str = Reach.SPACE,
    audience: Audience | None = None,
    words: str = "",
) -> None:
    """Put an entry into the stream of ``organization``; telling the same ``key`` again brings the entry up to date.

    ``visibility`` is ``SPACE`` (the people of the node and below), ``INTERNAL``, ``PUBLIC``, or ``AUDIENCE`` with the
    ``audience`` of the content. Raises ``LookupError`` for a kind that is not registered, ``ValueError`` for an address
    that is not of this portal or an audience that is not told. One statement.
    """
    tell_many([Told(organization, kind, key, title, url, at, by, visibility, audience, words)])


def tell_many(entries: Iterable[Told]) -> None:
    """Put many entries into their streams, a constant number of statements for each few hundred."""
    rows = {entry.key: _row(entry) for entry in entries}
    with transaction.atomic(savepoint=False):
        for part in _parts(list(rows.values())):
            StreamEntry.objects.bulk_create(
                part, update_conflicts=True, unique_fields=["key"], update_fields=_WRITTEN
            )


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _row(entry: Told) -> StreamEntry:
    if stream_kinds.get(entry.kind) is None:
        raise LookupError(f"{entry.kind} is no registered kind of stream entry")
    if entry.url and (not entry.url.startswith("/") or entry.url.startswith(("//", "/\\"))):
        raise ValueError(f"{entry.url} is not an address of this portal")
    if (entry.visibility == Reach.AUDIENCE) != (entry.audience is not None):
        raise ValueError("An audience is told with the reach AUDIENCE, and with no other")
    return StreamEntry(
        organization=entry.organization,
        visibility=entry.visibility,
        kind=entry.kind,
        key=entry.key,
        title=" ".join(entry.title.split())[:200],
        words=" ".join(entry.words.split())[:500],
        url=entry.url,
        at=entry.at,
        by=entry.by,
        audience=entry.audience,
        post=entry.post,
        is_shown=entry.is_shown,
    )


def untell(*keys: str) -> None:
    """Take entries out of the streams: what they tell of is no longer to be seen. Unknown keys are no fault."""
    for part in _parts(list(keys)):
        StreamEntry.objects.filter(key__in=part).delete()


def readdress(keys: Iterable[str], *, visibility: str, audience: Audience | None = None) -> None:
    """Let entries be seen as far as their content is now."""
    if (visibility == Reach.AUDIENCE) != (audience is not None):
        raise ValueError("An audience is told with the reach AUDIENCE, and with no other")
    for part in _parts(list(keys)):
        StreamEntry.objects.filter(key__in=part).update(visibility=visibility, audience=audience)
