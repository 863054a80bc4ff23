"""Verbs of the spaces."""

from .documents import change_document, keep_document, remove_document
from .following import follow, send_digests
from .hiding import hide_post, hide_reply, show_post, show_reply
from .posts import Written, change_post, may_choose, purge_posts, remove_post, restore_post, write_post
from .replies import remove_reply, reply
from .stream import Told, readdress, tell, tell_many, untell

__all__ = [
    "Told",
    "Written",
    "change_document",
    "change_post",
    "follow",
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
    "send_digests",
    "show_post",
    "show_reply",
    "tell",
    "tell_many",
    "untell",
    "write_post",
]
