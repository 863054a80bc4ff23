"""Reads of a stream: which space is open to whom, what lies around it, its entries, the replies under a post."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.access.policy import scope, with_power
from portal.access.rights import AnyUser, ancestor_paths, rights_of
from portal.extensions.registry import StreamKind, stream_kinds
from portal.files.models import Kind, StoredFile
from portal.moderation.queries import marked
from portal.organizations.models import Organization

from ..models import SpaceDocument, SpaceFollow, SpacePost, SpaceReply, StreamEntry

NEW_AT_ONCE = 20
RECENT = 300


@dataclass(frozen=True, slots=True)
class Around:
    """Where a space stands: the nodes above it from the root down, and the reader's other homes."""

    above: list[Organization]
    others: list[Organization]


def node_for(user: AnyUser, pk: int) -> Organization | None:
    """Return the node whose space ``user`` may open: any when signed in, for visitors one that shows them something."""
    if user.is_authenticated:
        nodes = scope(user, "view", Organization)
        for action in ("write_in_space", "keep_documents", "see_people"):
            nodes = with_power(nodes, user, action)
        mine = SpaceFollow.objects.filter(user_id=user.pk, organization=OuterRef("pk"))
        return nodes.filter(pk=pk).annotate(follows=Exists(mine)).first()
    entry = scope(user, "view", StreamEntry).filter(organization_id=pk).select_related("organization").first()
    if entry is not None:
        return entry.organization
    document = scope(user, "view", SpaceDocument).filter(organization_id=pk).select_related("organization").first()
    return document.organization if document is not None else None


def own_space(user: AnyUser) -> int | None:
    """Return the key of the node that is home to ``user``: where the person belongs, or holds a post."""
    rights = rights_of(user)
    if rights.organization_id is not None:
        return rights.organization_id
    paths = rights.belongs_to
    if not paths:
        return None
    return Organization.objects.filter(path__in=paths).order_by("-path").values_list("pk", flat=True).first()


def around(node: Organization, user: AnyUser) -> Around:
    """Return what leads from the space of ``node`` upwards, and to the reader's other homes; one query."""
    mine = set(rights_of(user).belongs_to) - {node.path}
    above = set(ancestor_paths([node.path])) - {node.path}
    rows = list(scope(user, "view", Organization).filter(path__in=above | mine).order_by("path"))
    return Around([row for row in rows if row.path in above], [row for row in rows if row.path in mine])


def stream_of(node: Organization, user: AnyUser, *, kind: str = "") -> QuerySet[StreamEntry]:
    """Return what ``user`` sees of the stream of ``node``."""
    entries = scope(user, "view", StreamEntry).filter(organization=node)
    if kind:
        entries = entries.filter(kind=kind)
    return entries.select_related("by", "post__author", "post__video", "post__voice")


def recently(node: Organization, user: AnyUser) -> tuple[list[StreamKind], int]:
    """Return the kinds among the latest entries that ``user`` sees, and their highest number; one bounded query.

    What comes after that number is new.
    """
    rows = scope(user, "view", StreamEntry).filter(organization=node).order_by("-at", "-pk")
    latest = list(rows.values_list("pk", "kind")[:RECENT])
    present = {kind for _pk, kind in latest}
    return [kind for kind in stream_kinds if kind.code in present], max((pk for pk, _kind in latest), default=0)


@dataclass(slots=True)
class Shown:
    """An entry with what its page draws: the words of its kind, and a post's pictures."""

    entry: StreamEntry
    label: Any
    icon: str
    pictures: list[StoredFile] = field(default_factory=list)


def shown(entries: Iterable[StreamEntry]) -> list[Shown]:
    """Return entries ready to draw; one query for the pictures of all posts among them."""
    entries = list(entries)
    pictures = pictures_of([entry.post for entry in entries if entry.post is not None and entry.post.picture_count])
    found = []
    for entry in entries:
        kind = stream_kinds.get(entry.kind)
        label, icon = (kind.label, kind.icon) if kind else ("", "circle")
        found.append(Shown(entry, label, icon, pictures.get(entry.post_id or 0, [])))
    return found


def pictures_of(posts: Iterable[SpacePost]) -> dict[int, list[StoredFile]]:
    """Return the pictures of posts that somebody may see, by the keys of the posts."""
    keys = [post.pk for post in posts]
    found: dict[int, list[StoredFile]] = {}
    if keys:
        owner = ContentType.objects.get_for_model(SpacePost)
        files = StoredFile.objects.filter(content_type=owner, object_id__in=keys, kind=Kind.IMAGE).order_by("pk")
        for file in files:
            found.setdefault(file.object_id or 0, []).append(file)
    return found


def since(node: Organization, user: AnyUser, number: int) -> QuerySet[StreamEntry]:
    """Return the entries that came after the one numbered ``number``, newest first; long past ones are not news."""
    recent = timezone.now() - timedelta(days=2)
    return stream_of(node, user).filter(pk__gt=number, at__gte=recent).order_by("-at", "-pk")


def replies_of(post: SpacePost, user: AnyUser) -> QuerySet[SpaceReply]:
    """Return the replies under ``post`` that ``user`` sees, in order, each with what the person may do with it."""
    rows = scope(user, "view", SpaceReply).filter(post=post).select_related("author")
    for action in ("remove", "moderate"):
        rows = with_power(rows, user, action)
    return rows.annotate(**marked(user, SpaceReply)).order_by("created_at", "pk")


def place_of_reply(post: SpacePost, user: AnyUser, pk: int) -> int | None:
    """Return how many replies under ``post`` stand before the one with ``pk`` for ``user``; ``None`` when none does."""
    rows = scope(user, "view", SpaceReply).filter(post=post)
    found = rows.filter(pk=pk).values_list("created_at", "pk").first()
    if found is None:
        return None
    return rows.filter(Q(created_at__lt=found[0]) | Q(created_at=found[0], pk__lt=found[1])).count()
