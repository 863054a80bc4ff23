"""What the forum plugs into the portal: its door, search, the front page and a node's page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import (
    LandingBlock,
    NavigationItem,
    SearchSource,
    SpaceLink,
    SpaceLinks,
    StreamKind,
    landing_blocks,
    navigation,
    search_sources,
    space_links,
    stream_kinds,
)
from portal.organizations.duties import Duty

from . import queries
from .services import STREAM_KIND

LANDING_THREADS = 5

navigation.register(
    NavigationItem(
        code="forum",
        label=_("Forum"),
        url_name="forum:board-list",
        order=400,
        icon="chat-square-text",
        prefixes=("/forum/",),
    )
)
navigation.register(
    NavigationItem(
        code="boards",
        label=_("Boards"),
        url_name="admin:forum_board_changelist",
        section="work",
        group="publishing",
        order=410,
        icon="chat-square-text",
        visible=lambda rights: rights.holds(Duty.KEEP_BOARDS),
    )
)
search_sources.register(
    SearchSource(
        code="thread",
        label=_("Forum"),
        model="forum.Thread",
        title=lambda thread: thread.title,
        text=queries.text_of,
        url=lambda thread: reverse("forum:thread", args=[thread.pk]),
        at=lambda thread: thread.last_post_at,
        order=400,
    )
)


def _newest(reader: Any) -> dict[str, Any] | None:
    threads = queries.newest_threads(reader, LANDING_THREADS)
    return {"threads": threads} if threads else None


landing_blocks.register(
    LandingBlock(
        code="forum", label=_("From the forum"), template="forum/_landing.html", context=_newest, order=400, area="side"
    )
)


def _boards_of(node: Any, reader: Any) -> list[SpaceLink]:
    return [
        SpaceLink(board.name, reverse("forum:board", args=[board.slug]), board.description, board.last_post_at)
        for board in queries.boards_of(node, reader)
    ]


space_links.register(SpaceLinks(code="forum", label=_("Forum"), find=_boards_of, order=400))
stream_kinds.register(StreamKind(STREAM_KIND, _("Thread"), "chat-square-text", order=400))
