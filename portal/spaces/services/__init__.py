"""Verbs of the spaces."""

from .documents import change_document, keep_document, remove_document
from .posts import (
    Written,
    change_post,
    hide_post,
    hide_reply,
    may_choose,
    purge_posts,
    remove_post,
    remove_reply,
    reply,
    restore_post,
    show_post,
    write_post,
)
from .stream import Told, readdress, tell, tell_many, untell

__all__ = [
    "Told",
    "Written",
    "change_document",
    "change_post",
    "hide_post",
    "hide_reply",
    "keep_document",
    "may_choose",
    "purge_posts",
    "readdress",
    "remove_document",
    "remove_post",
    "remove_reply",
    "reply",
    "restore_post",
    "show_post",
    "tell",
    "tell_many",
    "untell",
    "write_post",
]
