"""What the spaces plug into the portal: their door, the search, the kinds of their own entries, the nightly sweep."""

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import (
    DailyJob,
    NavigationItem,
    SearchSource,
    StreamKind,
    daily_jobs,
    navigation,
    search_sources,
    stream_kinds,
)

from .models import SpaceDocument
from .reporting import words_of
from .services.documents import DOCUMENT_KIND
from .services.following import send_digests
from .services.posts import POST_KIND, purge_posts

PURGE = "spaces.purge"


def _note(document: SpaceDocument) -> str:
    return " ".join(filter(None, [document.category, document.note]))


def register() -> None:
    navigation.register(
        NavigationItem(
            code="spaces",
            label=_("My branch"),
            url_name="spaces:own-space",
            order=5,
            icon="people",
            visible=lambda rights: bool(rights.belongs_to),
            prefixes=("/spaces/",),
        )
    )
    stream_kinds.register(StreamKind(POST_KIND, _("Post by a member"), "chat-dots", order=10))
    stream_kinds.register(StreamKind(DOCUMENT_KIND, _("Document of the organization"), "file-earmark-text", order=20))
    search_sources.register(
        SearchSource(
            code="space_post",
            label=_("Posts in spaces"),
            model="spaces.SpacePost",
            title=lambda post: post.title,
            text=words_of,
            url=lambda post: post.get_absolute_url(),
            at=lambda post: post.created_at,
            order=410,
        )
    )
    search_sources.register(
        SearchSource(
            code="space_document",
            label=_("Documents of spaces"),
            model="spaces.SpaceDocument",
            title=lambda document: document.title,
            text=_note,
            url=lambda document: document.get_absolute_url(),
            at=lambda document: document.kept_at,
            order=420,
        )
    )
    daily_jobs.register(DailyJob(code="spaces.digest", run=lambda on: None if send_digests(on) else None, order=500))
    daily_jobs.register(DailyJob(code=PURGE, run=lambda on: None if purge_posts() else None, order=910))
