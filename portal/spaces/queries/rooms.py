"""What the rooms show in a space: their tabs, the month, their places, the record of a year."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from portal.access.rights import AnyUser, rights_of
from portal.extensions.registry import (
    CalendarItem,
    Light,
    RecordBlock,
    SpaceLink,
    calendar_sources,
    record_sources,
    space_lights,
    space_links,
    space_tabs,
)
from portal.organizations.models import Appointment, Organization

from .people import posts_of

FIRST_YEAR = 2000
COMING_DAYS, COMING_SHOWN, POSTS_SHOWN = 45, 5, 8


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
class Glance:
    """What stands beside the stream: the days to come, who leads, and how the node stands."""

    coming: list[CalendarItem]
    posts: list[Appointment]
    lights: list[tuple[Any, Light]]


def glance(node: Organization, user: AnyUser, *, on: date) -> Glance:
    """Return ``node`` at a glance, as far as ``user`` may know it; as many queries as its sources ask."""
    last = on + timedelta(days=COMING_DAYS)
    coming = [item for source in calendar_sources for item in source.find(node, user, on, last)]
    coming.sort(key=lambda item: (item.on, item.at is not None, item.at or timezone.now(), item.title))
    lights = [(source.label, source.find([node], user, on).get(node.pk)) for source in space_lights]
    return Glance(
        coming=coming[:COMING_SHOWN],
        posts=posts_of(node, user, on=on)[:POSTS_SHOWN],
        lights=[(label, light) for label, light in lights if light is not None],
    )


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
