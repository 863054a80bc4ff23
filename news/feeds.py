"""RSS and Atom of what is public; a reader's own rights never matter here."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _

from portal.access.policy import fetch

from . import queries
from .models import Article, Column


class NewsFeed(Feed):
    """The newest public articles, of one column or of all."""

    feed_type = Rss201rev2Feed

    def get_object(self, request: HttpRequest, slug: str = "") -> Column | None:
        return fetch(AnonymousUser(), "view", Column, slug=slug) if slug else None

    def title(self, column: Column | None) -> str:
        words = {"column": column or _("News"), "site": settings.SITE_NAME or _("Party-building portal")}
        return _("%(column)s – %(site)s") % words

    def link(self, column: Column | None) -> str:
        return column.get_absolute_url() if column else reverse("news:home")

    def description(self, column: Column | None) -> str:
        return column.description if column else _("The newest public articles")

    subtitle = description

    def items(self, column: Column | None) -> Any:
        return queries.feed_items(column)

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return item.summary

    def item_pubdate(self, item: Article) -> Any:
        return item.published_at

    def item_updateddate(self, item: Article) -> Any:
        return item.changed_at

    def item_author_name(self, item: Article) -> str:
        return item.author_name or item.source

    def item_categories(self, item: Article) -> list[str]:
        return [str(item.column)]


class AtomFeed(NewsFeed):
    feed_type = Atom1Feed
