"""Text of a post: what is allowed, and how it becomes HTML."""

from datetime import datetime, timedelta

import nh3
from markdown_it import MarkdownIt

POSTS_PER_PAGE = 20
EDITABLE_MINUTES = 30

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable("image")
_TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a", "hr", "h3", "h4"}


def render(body: str) -> str:
    """Return the sanitised HTML of a post written in Markdown; headings start below those of the page."""
    html = _markdown.render(body)
    for level, lower in (("1", "3"), ("2", "3"), ("5", "4"), ("6", "4")):
        html = html.replace(f"<h{level}>", f"<h{lower}>").replace(f"</h{level}>", f"</h{lower}>")
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )


def may_still_change(posted_at: datetime, now: datetime) -> bool:
    """Say whether the author of a post may still correct it."""
    return now - posted_at <= timedelta(minutes=EDITABLE_MINUTES)


def page_of(number: int) -> int:
    """Return the page, from 1, on which post ``number`` stands."""
    return (number - 1) // POSTS_PER_PAGE + 1
