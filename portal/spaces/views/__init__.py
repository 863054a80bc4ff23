"""Pages of the spaces."""

from .documents import DocumentCreateView, DocumentEditView, DocumentRemoveView, documents
from .posts import (
    PostCreateView,
    PostEditView,
    PostHideView,
    PostRemoveView,
    ReplyHideView,
    ReplyView,
    post_detail,
    post_restore,
    reply_remove,
)
from .reading import below, boards, calendar, follow, fresh, glance, own_space, people, space_detail, space_record

__all__ = [
    "DocumentCreateView",
    "DocumentEditView",
    "DocumentRemoveView",
    "PostCreateView",
    "PostEditView",
    "PostHideView",
    "PostRemoveView",
    "ReplyHideView",
    "ReplyView",
    "below",
    "boards",
    "calendar",
    "documents",
    "follow",
    "fresh",
    "glance",
    "own_space",
    "people",
    "post_detail",
    "post_restore",
    "reply_remove",
    "space_detail",
    "space_record",
]
