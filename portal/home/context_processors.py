"""What every page's shell needs; nothing is read before a page asks for it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from portal.access.rights import rights_of
from portal.extensions.registry import NavigationItem, navigation
from portal.notifications.services import shown_count, unread_count
from portal.web.shown import care_mode, site_name

logger = logging.getLogger(__name__)


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a menu as one person sees it on one page."""

    code: str
    label: Any
    url: str
    icon: str
    current: bool


class Shell:
    """Head, menus and foot for one request. Menus ask rights, which are read once; only the badge queries."""

    owner = settings.SITE_OWNER
    contact = settings.SITE_CONTACT
    records = settings.SITE_RECORD_NUMBERS
    practice = settings.PRACTICE

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def site_name(self) -> str:
        return site_name()

    @cached_property
    def user(self) -> Any:
        """The person signed in, or ``None``; a page drawn before anyone was recognised has nobody."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def care(self) -> bool:
        return care_mode(self.request)

    @cached_property
    def main(self) -> list[Link]:
        return list(self._links("main"))

    @cached_property
    def me(self) -> list[Link]:
        return list(self._links("me")) if self.user else []

    @cached_property
    def work(self) -> list[Link]:
        return list(self._links("work")) if self.user else []

    @cached_property
    def unread(self) -> int:
        return unread_count(self.user) if self.user else 0

    @cached_property
    def menus(self) -> str:
        """Name what the menus show, so that equal menus are drawn once per process and language."""
        links = [*self.main, *self.work, *self.me]
        return ",".join(f"{link.code}{'*' if link.current else ''}" for link in links) + ("+" if self.user else "-")

    @property
    def unread_words(self) -> str:
        return shown_count(self.unread) if self.unread else ""

    def _links(self, section: str) -> Iterator[Link]:
        rights = rights_of(self.user)
        path = self.request.path
        for item in navigation:
            if item.section == section and item.visible(rights) and (url := _address(item)):
                current = path == url or any(path.startswith(prefix) for prefix in item.prefixes)
                yield Link(item.code, item.label, url, item.icon, current)


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
