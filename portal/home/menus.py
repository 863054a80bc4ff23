"""The menus of one person on one page: which entries they have, and under which headings these stand."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse

from portal.extensions.registry import NavigationItem, navigation, navigation_groups

logger = logging.getLogger(__name__)

# So many entries stand in one line of a laptop; more of them are put under headings.
FLAT = 6


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a menu as one person sees it on one page."""

    code: str
    label: Any
    url: str
    icon: str
    current: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """Entries under one heading; without a label they stand for themselves."""

    code: str
    label: Any
    links: Sequence[Link]

    @property
    def current(self) -> bool:
        return any(link.current for link in self.links)


def links_for(rights: Any, section: str, path: str) -> Iterator[Link]:
    """Yield what ``rights`` open in a section; the entry that ``path`` belongs to is the current one."""
    for item in navigation:
        if item.section == section and item.visible(rights) and (url := _address(item)):
            current = path == url or any(path.startswith(prefix) for prefix in item.prefixes)
            yield Link(item.code, item.label, url, item.icon, current, item.group)


def closed_doors(rights: Any) -> frozenset[str]:
    """Return the routes of entries none of which ``rights`` open."""
    open_ones = {item.url_name for item in navigation if item.visible(rights)}
    return frozenset(item.url_name for item in navigation) - open_ones


def grouped(links: Sequence[Link], *, flat: int = FLAT) -> list[Menu]:
    """Put entries under their headings, unless ``flat`` or fewer of them need none."""
    if len(links) <= flat:
        return [Menu("", "", links)] if links else []
    menus = [
        Menu(group.code, group.label, found)
        for group in navigation_groups
        if (found := [link for link in links if link.group == group.code])
    ]
    others = [link for link in links if navigation_groups.get(link.group) is None]
    return [*_without_lonely_headings(menus), *([Menu("", "", others)] if others else [])]


def _without_lonely_headings(menus: Iterable[Menu]) -> Iterator[Menu]:
    """A heading over a single entry would be one step more to the same place."""
    for menu in menus:
        yield menu if len(menu.links) > 1 else Menu(menu.code, "", menu.links)


@lru_cache(maxsize=200)
def _reverse(name: str) -> str:
    return reverse(name)


def _address(item: NavigationItem) -> str:
    try:
        return _reverse(item.url_name)
    except NoReverseMatch:
        # One wrong entry of one room may not take every page with it.
        logger.exception("The menu entry %s leads nowhere", item.code)
        return ""
