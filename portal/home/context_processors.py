"""What every page's shell needs; nothing is read before a page asks for it."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.access.rights import rights_of
from portal.notifications.services import shown_count, unread_count
from portal.web.shown import care_mode, site_name

from .menus import Link, Menu, closed_doors, grouped, links_for


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}


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
        return self._links("main")

    @cached_property
    def me(self) -> list[Link]:
        return self._links("me") if self.user else []

    @cached_property
    def work(self) -> list[Link]:
        return self._links("work") if self.user else []

    @cached_property
    def own_menus(self) -> list[Menu]:
        return grouped(self.me)

    @cached_property
    def work_menus(self) -> list[Menu]:
        return grouped(self.work)

    @cached_property
    def closed_doors(self) -> frozenset[str]:
        """Routes that stand in menus, but in none of this person's."""
        return closed_doors(rights_of(self.user))

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

    def _links(self, section: str) -> list[Link]:
        return list(links_for(rights_of(self.user), section, self.request.path))
