"""Reads of a space: its stream, people, calendar, documents, record and what lies below; all through the policies."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.access.policy import scope, with_power
from portal.access.rights import AnyUser, rights_of
from portal.extensions.registry import (
    CalendarItem,
    Light,
    RecordBlock,
    SpaceLink,
    StreamKind,
    calendar_sources,
    record_sources,
    space_lights,
    space_links,
    space_tabs,
    stream_kinds,
)
from portal.files.models import Kind, StoredFile
from portal.moderation.queries import marked
from portal.organizations.duties import Duty, Post
from portal.organizations.models import Affiliation, Appointment, Organization, Standing
from portal.organizations.queries import secretaries_of

from .models import SpaceDocument, SpaceFollow, SpacePost, SpaceReply, StreamEntry

NEW_AT_ONCE = 20
RECENT = 300
FIRST_YEAR = 2000


def node_for(user: AnyUser, pk: int) -> Organization | None:
    """Return the node whose space ``user`` may open: any when signed in, for visitors one that shows them something."""
    if user.is_authenticated:
        nodes = scope(user, "view", Organization)
        for action in ("write_in_space", "keep_documents", "see_people"):
            nodes = with_power(nodes, user, action)
        mine = SpaceFollow.objects.filter(user_id=user.pk, organization=OuterRef("pk"))
        return nodes.filter(pk=pk).annotate(follows=Exists(mine)).first()
    entry = scope(user, "view", StreamEntry).filter(organization_id=pk).select_related("organization").first()
    if entry is not None:
        return entry.organization
    document = scope(user, "view", SpaceDocument).filter(organization_id=pk).select_related("organization").first()
    return document.organization if document is not None else None


def own_space(user: AnyUser) -> int | None:
    """Return the key of the node that is home to ``user``: where the person belongs, or holds a post."""
    rights = rights_of(user)
    if rights.organization_id is not None:
        return rights.organization_id
    paths = rights.belongs_to
    if not paths:
        return None
    return Organization.objects.filter(path__in=paths).order_by("-path").values_list("pk", flat=True).first()


def stream_of(node: Organization, user: AnyUser, *, kind: str = "") -> QuerySet[StreamEntry]:
    """Return what ``user`` sees of the stream of ``node``."""
    entries = scope(user, "view", StreamEntry).filter(organization=node)
    if kind:
        entries = entries.filter(kind=kind)
    return entries.select_related("by", "post__author", "post__video", "post__voice")


def recently(node: Organization, user: AnyUser) -> tuple[list[StreamKind], int]:
    """Return the kinds among the latest entries that ``user`` sees, and their highest number; one bounded query.

    What comes after that number is new.
    """
    rows = scope(user, "view", StreamEntry).filter(organization=node).order_by("-at", "-pk")
    latest = list(rows.values_list("pk", "kind")[:RECENT])
    present = {kind for _pk, kind in latest}
    return [kind for kind in stream_kinds if kind.code in present], max((pk for pk, _kind in latest), default=0)


@dataclass(slots=True)
class Shown:
    """An entry with what its page draws: the words of its kind, and a post's pictures."""

    entry: StreamEntry
    label: Any
    icon: str
    pictures: list[StoredFile] = field(default_factory=list)


def shown(entries: Iterable[StreamEntry]) -> list[Shown]:
    """Return entries ready to draw; one query for the pictures of all posts among them."""
    entries = list(entries)
    pictures = pictures_of([entry.post for entry in entries if entry.post is not None and entry.post.picture_count])
    found = []
    for entry in entries:
        kind = stream_kinds.get(entry.kind)
        label, icon = (kind.label, kind.icon) if kind else ("", "circle")
        found.append(Shown(entry, label, icon, pictures.get(entry.post_id or 0, [])))
    return found


def pictures_of(posts: Iterable[SpacePost]) -> dict[int, list[StoredFile]]:
    """Return the pictures of posts that somebody may see, by the keys of the posts."""
    keys = [post.pk for post in posts]
    found: dict[int, list[StoredFile]] = {}
    if keys:
        owner = ContentType.objects.get_for_model(SpacePost)
        files = StoredFile.objects.filter(content_type=owner, object_id__in=keys, kind=Kind.IMAGE).order_by("pk")
        for file in files:
            found.setdefault(file.object_id or 0, []).append(file)
    return found


def since(node: Organization, user: AnyUser, number: int) -> QuerySet[StreamEntry]:
    """Return the entries that came after the one numbered ``number``, newest first; long past ones are not news."""
    recent = timezone.now() - timedelta(days=2)
    return stream_of(node, user).filter(pk__gt=number, at__gte=recent).order_by("-at", "-pk")


def replies_of(post: SpacePost, user: AnyUser) -> QuerySet[SpaceReply]:
    """Return the replies under ``post`` that ``user`` sees, in order, each with what the person may do with it."""
    rows = scope(user, "view", SpaceReply).filter(post=post).select_related("author")
    for action in ("remove", "moderate"):
        rows = with_power(rows, user, action)
    return rows.annotate(**marked(user, SpaceReply)).order_by("created_at", "pk")


def place_of_reply(post: SpacePost, user: AnyUser, pk: int) -> int | None:
    """Return how many replies under ``post`` stand before the one with ``pk`` for ``user``; ``None`` when none does."""
    rows = scope(user, "view", SpaceReply).filter(post=post)
    found = rows.filter(pk=pk).values_list("created_at", "pk").first()
    if found is None:
        return None
    return rows.filter(Q(created_at__lt=found[0]) | Q(created_at=found[0], pk__lt=found[1])).count()


@dataclass(frozen=True, slots=True)
class People:
    """Who holds which post, how many there are of each standing, and, where allowed, who they are."""

    posts: list[Appointment]
    standings: list[tuple[Any, int]]
    rows: QuerySet[Affiliation] | None


def people_of(node: Organization, user: AnyUser, *, on: date) -> People:
    """Return the people of ``node`` as far as ``user`` may know them; two queries, the names one more."""
    order = {post.value: number for number, post in enumerate(Post)}
    held = scope(user, "view", Appointment).filter(pk__in=Appointment.objects.as_of(on).values("pk"), organization=node)
    posts = sorted(held.select_related("user"), key=lambda row: (order.get(row.post, 99), row.since, row.pk))
    if not getattr(node, "may_see_people", False):
        return People(posts, [], None)
    here = Affiliation.objects.filter(organization__path__startswith=node.path, until=None)
    counts = dict(here.order_by().values_list("standing").annotate(people=Count("pk")))
    standings = [(label, counts[code]) for code, label in Standing.choices if counts.get(code)]
    rows = scope(user, "view", Affiliation).filter(pk__in=here.order_by().values("pk"))
    return People(posts, standings, rows.select_related("user", "organization").order_by("user__name", "pk"))


def tabs_of(node: Organization, user: AnyUser) -> list[tuple[str, Any, str]]:
    """Return the tabs that rooms add to the space of ``node``: code, label and address."""
    rights = rights_of(user)
    return [(tab.code, tab.label, address) for tab in space_tabs if (address := tab.address(node, rights))]


@dataclass(slots=True)
class CalendarDay:
    on: date
    is_in_month: bool
    items: list[CalendarItem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a node's calendar as weeks of days, Monday first."""

    first: date
    weeks: list[list[CalendarDay]]
    previous: date
    following: date

    @property
    def days(self) -> list[CalendarDay]:
        """Return the days of the month on which there is something, for the list."""
        return [day for week in self.weeks for day in week if day.is_in_month and day.items]


def month_of(node: Organization, user: AnyUser, first: date) -> Month:
    """Return the month that begins on ``first``, drawn from every source."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    drawn = [[CalendarDay(day, day.month == first.month) for day in week] for week in weeks]
    by_day = {day.on: day for week in drawn for day in week}
    for source in calendar_sources:
        for item in source.find(node, user, weeks[0][0], weeks[-1][-1]):
            if item.on in by_day:
                by_day[item.on].items.append(item)
    for day in by_day.values():
        day.items.sort(key=lambda item: (item.at is not None, item.at or timezone.now(), item.title))
    before = first - timedelta(days=1)
    return Month(first, drawn, before.replace(day=1), (first + timedelta(days=31)).replace(day=1))


@dataclass(frozen=True, slots=True)
class Group:
    label: Any
    links: list[SpaceLink]


def links_of(node: Organization, user: AnyUser) -> list[Group]:
    """Return the places of the rooms that belong to ``node``, by room."""
    found = [Group(source.label, list(source.find(node, user))) for source in space_links]
    return [group for group in found if group.links]


def records_of(node: Organization, user: AnyUser, year: int) -> list[tuple[Any, RecordBlock]]:
    """Return what the rooms keep on learning and meetings of ``node`` in a year."""
    found = [(source, source.find(node, user, year)) for source in record_sources]
    return [(source, block) for source, block in found if block is not None]


def documents_of(node: Organization, user: AnyUser) -> list[tuple[str, list[SpaceDocument]]]:
    """Return the documents of ``node`` by category; those without one come last."""
    rows = scope(user, "view", SpaceDocument).filter(organization=node).select_related("file")
    groups: dict[str, list[SpaceDocument]] = {}
    for row in rows.order_by("category", "-kept_at", "-pk")[:500]:
        groups.setdefault(row.category, []).append(row)
    return sorted(groups.items(), key=lambda group: (not group[0], group[0]))


def categories_of(node: Organization) -> list[str]:
    """Return the categories in use, for those who keep documents."""
    rows = SpaceDocument.objects.filter(organization=node).exclude(category="").order_by("category")
    return list(rows.values_list("category", flat=True).distinct()[:50])


@dataclass(frozen=True, slots=True)
class Child:
    """A node below at a glance; ``people`` is ``None`` where the reader may not see people."""

    node: Organization
    secretary: str
    people: int | None
    last_at: datetime | None
    lights: list[tuple[Any, Light]]


def below(node: Organization, user: AnyUser, *, on: date) -> list[Child]:
    """Return the children of ``node`` at a glance; a constant number of queries for any number of children."""
    children = list(
        scope(user, "view", Organization)
        .filter(path__startswith=node.path, depth=node.depth + 1, closed_on=None)
        .order_by("path")
    )
    if not children:
        return []
    secretaries = secretaries_of(children, on=on)
    watched = rights_of(user).duties.get(Duty.SEE_PEOPLE, ())
    people: dict[str, int] = {}
    if any(child.path.startswith(watched) for child in children) if watched else False:
        rows = Affiliation.objects.filter(organization__path__startswith=node.path, until=None).order_by()
        for path, number in rows.values_list("organization__path").annotate(people=Count("pk")):
            above = path[: len(node.path) + Organization.steplen]
            people[above] = people.get(above, 0) + number
    latest = dict(
        scope(user, "view", StreamEntry)
        .filter(organization__in=[child.pk for child in children])
        .order_by()
        .values_list("organization_id")
        .annotate(last=Max("at"))
    )
    lights = [(source.label, source.find(children, user, on)) for source in space_lights]
    return [
        Child(
            node=child,
            secretary=secretaries.get(child.pk, ""),
            people=people.get(child.path, 0) if watched and child.path.startswith(watched) else None,
            last_at=latest.get(child.pk),
            lights=[(label, found[child.pk]) for label, found in lights if child.pk in found],
        )
        for child in children
    ]


def month_from(words: str, today: date) -> date:
    """Return the first day of the month that an address names as ``2026-11``; anything else means this month."""
    year, _hyphen, month = words.partition("-")
    is_month = words.isascii() and year.isdigit() and month.isdigit() and len(year) == 4 and len(month) <= 2
    if is_month and FIRST_YEAR <= int(year) < 2100 and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return today.replace(day=1)


def year_from(words: str, today: date) -> int:
    """Return the year that an address names; anything else means this year."""
    is_year = words.isascii() and words.isdigit() and len(words) == 4
    return int(words) if is_year and FIRST_YEAR <= int(words) < 2100 else today.year
