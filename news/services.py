"""Write, publish and withdraw articles, and keep the customary columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.audiences.models import Audience, Visibility
from portal.audiences.services import Circle, may_address, people_of, save_audience
from portal.audit.services import record
from portal.files.models import Kind, StoredFile
from portal.files.services import attach, discard
from portal.notifications.services import post
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.search.services import touch
from portal.spaces.services import Told, tell, tell_many, untell
from portal.web.page_cache import content_changed
from portal.web.refusals import RuleError
from portal.web.richtext import clean

from .models import Article, Column, State
from .placing import beginning_of, place_pictures

TOPIC = "news"
STREAM_KIND = "news.article"
TEXT_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Text:
    """What an editor writes; ``body`` is HTML as typed or pasted, not yet cleaned."""

    column: Column
    organization: Organization
    title: str
    body: str = ""
    subtitle: str = ""
    summary: str = ""
    source: str = ""
    source_url: str = ""
    author_name: str = ""
    top_until: date | None = None
    visibility: str = Visibility.INTERNAL
    circle: Circle = Circle()


@transaction.atomic
def write_article(
    text: Text,
    *,
    by: User | None,
    cover: StoredFile | None = None,
    pictures: Iterable[StoredFile] = (),
    attachments: Iterable[StoredFile] = (),
) -> Article:
    """Write a draft. ``by`` may be ``None`` for practice data.

    Raises ``RuleError`` when ``by`` may not write for the organization or address the audience, or a text is too long.
    """
    article = Article(created_by=by, state=State.DRAFT)
    guard(text, by=by)
    _fill(article, text)
    article.full_clean(exclude=["audience", "created_by", "published_by", "cover"], validate_constraints=False)
    article.save(force_insert=True)
    _own_files(article, text.body, cover, pictures, attachments)
    record("news.written", article, by=by, changes={"title": ["", article.title]})
    return article


@transaction.atomic
def change_article(
    article: Article,
    text: Text,
    *,
    by: User | None,
    version: int,
    cover: StoredFile | None = None,
    pictures: Iterable[StoredFile] | None = None,
    attachments: Iterable[StoredFile] | None = None,
) -> Article:
    """Write over an article that still is at ``version``; files left out are discarded, ``None`` keeps them all.

    Raises ``RuleError`` when somebody else has changed it meanwhile, and as ``write_article`` does.
    """
    held = Article.objects.select_for_update().get(pk=article.pk)
    if held.version != version:
        raise RuleError(_("Somebody else has changed this article meanwhile. Open it again and repeat your change."))
    guard(text, by=by, before=held)
    before = _facts(held)
    _fill(held, text)
    held.version += 1
    held.full_clean(exclude=["audience", "created_by", "published_by", "cover"], validate_constraints=False)
    held.save()
    _own_files(held, text.body, cover, pictures, attachments)
    after = _facts(held)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record("news.changed", held, by=by, changes=changes)
    _announce_change(held)
    return held


def guard(text: Text, *, by: User | None, before: Article | None = None) -> None:
    """Refuse a place or an audience beyond the duties of ``by``; what stood there before may stay."""
    if len(text.body) > TEXT_MAX:
        raise RuleError({"body_html": _("The text is too long: at most %(limit)s characters.") % {"limit": TEXT_MAX}})
    if by is None:
        return
    rights = rights_of(by)
    kept = before is not None and before.organization_id == text.organization.pk
    path = text.organization.path
    if not kept and not (rights.holds_on(Duty.WRITE_NEWS, path) or rights.holds_on(Duty.PUBLISH_NEWS, path)):
        raise RuleError({"organization": _("You do not write news for this organization.")})
    if text.visibility != Visibility.AUDIENCE:
        return
    known = set(_addressed(before.audience)) if before is not None and before.audience else set()
    fresh = Circle(organizations=[node for node in text.circle.organizations if node.pk not in known])
    if text.circle.is_empty:
        raise RuleError({"audience_organizations": _("Choose at least one organization.")})
    if not (may_address(by, fresh, Duty.WRITE_NEWS) or may_address(by, fresh, Duty.PUBLISH_NEWS)):
        raise RuleError({"audience_organizations": _("You cannot address organizations outside your own.")})


def _addressed(audience: Audience) -> list[int]:
    return list(audience.rules.exclude(organization=None).values_list("organization_id", flat=True))


def _fill(article: Article, text: Text) -> None:
    for name in ("column", "organization", "title", "subtitle", "summary", "source", "source_url", "author_name",
                 "top_until", "visibility"):
        setattr(article, name, getattr(text, name))
    article.body_html = clean(text.body)
    if not article.summary:
        article.summary = beginning_of(article.body_html)
    if text.visibility == Visibility.AUDIENCE:
        article.audience = save_audience(text.circle, audience=article.audience)
    else:
        article.audience = None


def _facts(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "column": str(article.column),
        "organization": str(article.organization),
        "visibility": article.visibility,
        "audience": _audience_words(article.audience) if article.audience else "",
        "top_until": article.top_until,
        "summary": article.summary,
        "length": len(article.body_html),
    }


def _audience_words(audience: Audience) -> str:
    return "; ".join(sorted(str(rule) for rule in audience.rules.select_related("organization", "user")))


def _own_files(
    article: Article,
    body: str,
    cover: StoredFile | None,
    pictures: Iterable[StoredFile] | None,
    attachments: Iterable[StoredFile] | None,
) -> None:
    """Give the files to the article, discard those left out, and put the pictures into the text."""
    wanted: list[StoredFile] = []
    for given, kind in ((pictures, Kind.IMAGE), (attachments, Kind.ATTACHMENT)):
        wanted += list(given) if given is not None else list(article.files.filter(kind=kind))
    if cover is not None:
        wanted.append(cover)
    elif pictures is None and article.cover is not None:
        cover = article.cover
    for file in wanted:
        attach(file, article)
    for file in article.files.exclude(pk__in=[file.pk for file in wanted]):
        discard(file)
    shown = [file for file in wanted if file.kind == Kind.IMAGE and (cover is None or file.pk != cover.pk)]
    article.cover = cover
    article.body_html = place_pictures(article.body_html, shown)
    article.attachment_count = sum(file.kind == Kind.ATTACHMENT for file in wanted)
    article.save(update_fields=["cover", "body_html", "attachment_count"])


@transaction.atomic
def publish(
    article: Article, *, by: User | None, at: datetime | None = None, notify: bool | None = None
) -> Article:
    """Show a draft or a withdrawn article to its readers, and notify them the first time.

    ``notify`` says whether; ``None`` leaves it as chosen earlier or usual. What is dated with ``at``, or published by
    nobody (practice data), is told to nobody. Raises ``RuleError`` when it is shown already or has no text.
    """
    held = Article.objects.select_for_update().get(pk=article.pk)
    if held.state == State.PUBLISHED:
        raise RuleError(_("This article is published already."))
    if not held.body_html and not held.attachment_count:
        raise RuleError(_("An article without text or attachment cannot be published."))
    before = held.state
    held.state, held.published_by = State.PUBLISHED, by
    held.published_at = at or timezone.now()
    if notify is not None:
        held.notify_readers = notify
    held.save(update_fields=["state", "published_by", "published_at", "notify_readers", "changed_at"])
    record("news.published", held, by=by, changes={"state": [before, held.state]})
    _announce_change(held)
    if by is not None and at is None and held.tells_readers:
        _tell_readers(held, by=by)
    return held


def _tell_readers(article: Article, *, by: User) -> None:
    """Leave one notice for each reader, once in the life of an article; it goes out on commit."""
    if article.told_at is not None or not article.column.is_open:
        return
    article.told_at = timezone.now()
    article.save(update_fields=["told_at"])
    post(
        "article_published",
        key=f"news.published:{article.pk}",
        recipients=readers_of(article).exclude(pk=by.pk),
        params={"title": article.title, "organization": str(article.organization), "summary": article.summary},
        url=article.get_absolute_url(),
        by=by,
    )


def readers_of(article: Article) -> QuerySet[User]:
    """Return the people for whom an article is meant: its audience, otherwise everyone with an account."""
    if article.visibility == Visibility.AUDIENCE:
        return people_of(article.audience) if article.audience else User.objects.none()
    return User.objects.filter(is_active=True)


@transaction.atomic
def withdraw(article: Article, *, by: User | None, reason: str = "") -> Article:
    """Take a published article away from its readers; it can be changed and published again."""
    held = Article.objects.select_for_update().get(pk=article.pk)
    if held.state != State.PUBLISHED:
        raise RuleError(_("Only a published article can be withdrawn."))
    held.state = State.WITHDRAWN
    held.save(update_fields=["state", "changed_at"])
    record("news.withdrawn", held, by=by, changes={"state": [State.PUBLISHED, held.state]}, reason=reason)
    _announce_change(held)
    return held


def _announce_change(article: Article) -> None:
    touch(article)
    content_changed(TOPIC)
    tell_stream(article)


def tell_stream(article: Article) -> None:
    """Let the stream of the article's organization say what is published, to the readers of the article."""
    column = article.column
    if article.state != State.PUBLISHED or not column.is_open or article.published_at is None:
        untell(_key_of(article.pk))
        return
    visibility, audience = _reach(article.visibility, column), None
    if visibility == Visibility.AUDIENCE:
        if article.audience is None:
            untell(_key_of(article.pk))
            return
        audience = article.audience
    tell(
        article.organization, kind=STREAM_KIND, key=_key_of(article.pk), title=article.title, words=article.summary,
        url=article.get_absolute_url(), at=article.published_at, by=None, visibility=visibility, audience=audience,
    )  # fmt: skip


def _reach(visibility: str, column: Column) -> str:
    """Narrow what everybody may read to the signed-in in a column that is theirs."""
    is_public = visibility == Visibility.PUBLIC and column.visibility == Visibility.PUBLIC
    return Visibility.INTERNAL if visibility == Visibility.PUBLIC and not is_public else visibility


def _key_of(article_id: int) -> str:
    return f"{STREAM_KIND}:{article_id}"


def _tell_column(column: Column) -> None:
    """Let the streams follow a column that was closed, opened, or shown to others than before."""
    published = column.articles.filter(state=State.PUBLISHED).exclude(published_at=None)
    if not column.is_open:
        untell(*(_key_of(pk) for pk in published.order_by().values_list("pk", flat=True)))
        return
    tell_many(
        Told(
            article.organization, STREAM_KIND, _key_of(article.pk), article.title, article.get_absolute_url(),
            article.published_at, visibility=_reach(article.visibility, column), audience=article.audience,
            words=article.summary,
        )
        for article in published.select_related("organization", "audience")
        if article.published_at and (article.visibility != Visibility.AUDIENCE or article.audience is not None)
    )  # fmt: skip


# Customary columns (domain.md 9.1): address, name, name in English.
COLUMNS = (
    ("headlines", "党建要闻", "Party-building news"),
    ("notices", "通知公告", "Notices"),
    ("current-policy", "时政要闻", "Current policy"),
    ("international", "国际形势", "International situation"),
    ("theory", "理论学习", "Theory and study"),
    ("branches", "基层动态", "News from the branches"),
    ("theme-days", "主题党日", "Theme days"),
    ("stories", "党员故事", "Member stories"),
    ("red-memory", "红色记忆", "Red memory"),
    ("disclosure", "党务公开", "Disclosure"),
    ("rules", "制度文件", "Rules and documents"),
    ("downloads", "下载中心", "Downloads"),
)


@transaction.atomic
def ensure_columns() -> list[Column]:
    """Make the customary columns that are not there yet; what was renamed or closed stays so."""
    present = set(Column.objects.values_list("slug", flat=True))
    Column.objects.bulk_create(
        Column(slug=slug, name=name, name_en=english, position=(place + 1) * 10)
        for place, (slug, name, english) in enumerate(COLUMNS)
        if slug not in present
    )
    content_changed(TOPIC)
    return list(Column.objects.all())


@transaction.atomic
def keep_column(column: Column, *, by: User | None) -> Column:
    """Save a new or changed column with its row in the trail."""
    verb = "news.column_changed" if column.pk else "news.column_opened"
    column.full_clean()
    column.save()
    record(verb, column, by=by, changes={"name": ["", column.name], "visibility": ["", column.visibility]})
    content_changed(TOPIC)
    _tell_column(column)
    return column
