"""What readers see of the news: published articles within their sight, in constant numbers of queries."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from portal.access.policy import scope
from portal.access.prepared import PreparedRows, ask_as
from portal.access.rights import AnyUser
from portal.files.models import Kind, StoredFile

from .models import Article, Column, State

NEWEST = ("-published_at", "-pk")
PER_COLUMN = 6
ON_TOP = 3


@dataclass(frozen=True, slots=True)
class Section:
    """A column with its newest articles."""

    column: Column
    articles: list[Article]


def published(user: AnyUser) -> QuerySet[Article]:
    """Return the published articles that ``user`` may read; a draft is none, whoever asks."""
    return scope(user, "view", Article).filter(state=State.PUBLISHED)


def listed(rows: QuerySet[Article]) -> QuerySet[Article]:
    """Bring what a list shows, and not the texts."""
    return rows.select_related("column", "cover").defer("body_html")


def on_top(user: AnyUser, *, column: Column | None = None, limit: int = ON_TOP) -> list[Article]:
    """Return the articles that stand on top today, newest first."""
    only = {} if column is None else {"column": column.pk}
    return ask_as(user, _on_top, limit, **only)


def _on_top(user: AnyUser, limit: int, *, column: int | None = None) -> QuerySet[Article]:
    rows = published(user).filter(top_until__gte=timezone.localdate())
    if column is not None:
        rows = rows.filter(column_id=column)
    return listed(rows).order_by(*NEWEST)[:limit]


def front(user: AnyUser, limit: int = 8) -> list[Article]:
    """Return the news of the landing page: what stands on top first, then the newest; two queries."""
    first = on_top(user, limit=limit)
    newest = listed(published(user)).order_by(*NEWEST)[:limit]
    seen = {article.pk for article in first}
    return [*first, *(article for article in newest if article.pk not in seen)][:limit]


def newest_of(user: AnyUser, slug: str) -> QuerySet[Article]:
    """Return the articles of the column at ``slug``, newest first."""
    return listed(published(user).filter(column__slug=slug)).order_by(*NEWEST)


def in_column(user: AnyUser, column: Column) -> PreparedRows:
    """Return the articles of ``column`` without those on top of it, for a list of pages."""
    return PreparedRows(user, _in_column, column=column.pk)


def _in_column(user: AnyUser, *, column: int) -> QuerySet[Article]:
    below = Q(top_until=None) | Q(top_until__lt=timezone.localdate())
    return listed(published(user).filter(column_id=column).filter(below))


def columns(user: AnyUser) -> list[Column]:
    """Return the open columns that ``user`` may see, in their order."""
    return ask_as(user, _columns)


def _columns(user: AnyUser) -> QuerySet[Column]:
    return scope(user, "view", Column).filter(is_open=True)


def sections(user: AnyUser, *, each: int = PER_COLUMN) -> list[Section]:
    """Return every column that has something to read with its newest articles; two queries, by index at any size."""
    newest = published(user).filter(column=OuterRef("pk")).order_by(*NEWEST).values("pk")
    slots = {f"newest_{place}": Subquery(newest[place : place + 1]) for place in range(each)}
    shown = list(scope(user, "view", Column).filter(is_open=True).annotate(**slots))
    keys = [key for column in shown for name in slots if (key := getattr(column, name)) is not None]
    found: dict[int, list[Article]] = defaultdict(list)
    for article in listed(published(user).filter(pk__in=keys)).order_by(*NEWEST):
        found[article.column_id].append(article)
    return [Section(column, found[column.pk]) for column in shown if found[column.pk]]


def with_neighbours(user: AnyUser) -> QuerySet[Article]:
    """Return published articles that know the one before and after them in their column, in the same query."""
    return (
        Article.objects.filter(state=State.PUBLISHED)
        .select_related("column", "organization", "cover", "published_by")
        .annotate(newer=_neighbour(user, newer=True), older=_neighbour(user, newer=False))
    )


def _neighbour(user: AnyUser, *, newer: bool) -> Subquery:
    sign, order = ("gt", ("published_at", "pk")) if newer else ("lt", NEWEST)
    beyond = Q(**{f"published_at__{sign}": OuterRef("published_at")}) | Q(
        **{"published_at": OuterRef("published_at"), f"pk__{sign}": OuterRef("pk")}
    )
    rows = published(user).filter(column=OuterRef("column")).filter(
        beyond, **{f"published_at__{sign}e": OuterRef("published_at")}
    )
    return Subquery(rows.order_by(*order).values(found=JSONObject(pk="pk", title="title"))[:1])


def attachments(article: Article) -> list[StoredFile]:
    """Return the attachments of an article in the order in which they were added; no query when it has none."""
    if not article.attachment_count:
        return []
    return list(article.files.filter(kind=Kind.ATTACHMENT).order_by("pk"))


def pictures(article: Article) -> list[StoredFile]:
    """Return the pictures that belong to an article, the cover included."""
    return list(article.files.filter(kind=Kind.IMAGE).order_by("pk"))


def feed_items(column: Column | None, *, limit: int = 20) -> Any:
    """Return the newest public articles for a feed: what a visitor may read, whoever fetches it."""
    rows = published(AnonymousUser())
    if column is not None:
        rows = rows.filter(column=column)
    return rows.select_related("column").order_by(*NEWEST)[:limit]
