"""What the news plug into the portal: their door, search, and the front page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import (
    LandingBlock,
    NavigationItem,
    SearchSource,
    StreamKind,
    landing_blocks,
    navigation,
    search_sources,
    stream_kinds,
)
from portal.organizations.duties import Duty

from . import queries
from .models import Article
from .services import STREAM_KIND

LANDING_NEWS = 10
LANDING_CARDS = 3
LEADING = 3
LANDING_NOTICES = 6
NOTICES = "notices"

navigation.register(
    NavigationItem(code="news", label=_("News"), url_name="news:home", order=10, icon="newspaper", prefixes=("/news/",))
)
navigation.register(
    NavigationItem(
        code="articles",
        label=_("Write and publish news"),
        url_name="admin:news_article_changelist",
        section="work",
        group="publishing",
        order=300,
        icon="newspaper",
        visible=lambda rights: rights.holds(Duty.WRITE_NEWS),
    )
)
search_sources.register(
    SearchSource(
        code="news",
        label=_("News"),
        model="news.Article",
        title=lambda article: article.title,
        text=lambda article: f"{article.subtitle} {article.summary} {article.body_html}",
        url=lambda article: article.get_absolute_url(),
        # Nothing is indexed that is not published: a draft is found by nobody.
        at=lambda article: article.published_at if article.is_published else None,
        order=10,
    )
)


def newest(reader: Any) -> dict[str, Any] | None:
    """Return the headlines for ``reader``: what is on top, then the newest; nothing hides the block.

    The first with a picture among those that would lead does so; the next with pictures are cards, the rest a list.
    """
    articles: list[Article] = queries.front(reader, LANDING_NEWS)
    if not articles:
        return None
    lead = next((article for article in articles[:LEADING] if article.cover), articles[0])
    rest = [article for article in articles if article is not lead]
    cards = [article for article in rest if article.cover][:LANDING_CARDS]
    return {"lead": lead, "cards": cards, "articles": [article for article in rest if article not in cards]}


def notices(reader: Any) -> dict[str, Any] | None:
    """Return the newest of the column for notices."""
    articles = list(queries.newest_of(reader, NOTICES)[:LANDING_NOTICES])
    return {"articles": articles, "column": articles[0].column} if articles else None


landing_blocks.register(
    LandingBlock(code="news", label=_("News"), template="news/_landing_front.html", context=newest, order=10)
)
landing_blocks.register(
    LandingBlock(
        code="news.notices",
        label=_("Notices and announcements"),
        template="news/_landing.html",
        context=notices,
        order=10,
        area="side",
    )
)
stream_kinds.register(StreamKind(STREAM_KIND, _("News"), "newspaper", order=30))
