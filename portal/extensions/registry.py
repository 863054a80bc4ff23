"""What a room plugs into the portal. Each room registers in its ``AppConfig.ready``; the portal never imports a room.

Every registry keeps its entries by ``code`` and orders them by ``order``; registering a code twice is an error.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar


class Entry(Protocol):
    code: str
    order: int


E = TypeVar("E", bound=Entry)


class Registry(Generic[E]):
    """Entries by code, in order."""

    def __init__(self) -> None:
        self._entries: dict[str, E] = {}

    def register(self, entry: E) -> E:
        """Add ``entry``; raise ``ValueError`` when its code is taken."""
        if entry.code in self._entries:
            raise ValueError(f"{entry.code} is registered already")
        self._entries[entry.code] = entry
        return entry

    def unregister(self, code: str) -> None:
        self._entries.pop(code, None)

    def get(self, code: str) -> E | None:
        return self._entries.get(code)

    def __iter__(self) -> Iterator[E]:
        return iter(sorted(self._entries.values(), key=lambda entry: (entry.order, entry.code)))

    def __len__(self) -> int:
        return len(self._entries)


def everyone(rights: Any) -> bool:
    return True


def signed_in(rights: Any) -> bool:
    return rights.user_id is not None


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry of the bar (``section="main"``), of the person's own menu (``"me"``), or of the work menu (``"work"``).

    ``visible`` is asked with the person's ``Rights`` and must not query.
    """

    code: str
    label: Any  # lazy text
    url_name: str
    order: int = 100
    section: str = "main"
    icon: str = ""
    visible: Callable[[Any], bool] = everyone
    # Address prefixes under which the item is the current one; empty: the item's own address.
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing that waits for a person."""

    title: str
    url: str
    due_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """What one source has for a person: the first items and how many there are in all (capped by the source)."""

    items: list[WorkItem]
    count: int
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class WorkSource:
    """A room's list of what waits for a person; at most two queries a call, none when ``applies`` says no."""

    code: str
    label: Any
    find: Callable[[Any, date], WorkGroup]  # (user, today)
    order: int = 100
    applies: Callable[[Any], bool] = signed_in  # asked with Rights, must not query


@dataclass(frozen=True, slots=True)
class SearchHit:
    title: str
    url: str
    excerpt: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchSource:
    """What a room lets ``portal.search`` index and show; see ``portal/search/services.py``."""

    code: str
    label: Any
    model: str  # "news.Article"
    title: Callable[[Any], str]
    text: Callable[[Any], str]
    url: Callable[[Any], str]
    at: Callable[[Any], datetime]
    order: int = 100


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    on: date
    title: str
    url: str = ""
    note: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """A room's entries on a person's timeline: called with the person, the reader and a limit; one query."""

    code: str
    label: Any
    find: Callable[[Any, Any, int], Iterable[TimelineEntry]]  # (person: User, reader: User, limit)
    order: int = 100


@dataclass(frozen=True, slots=True)
class Panel:
    """A block of a node's page or of the big screen: template and context for an organization and a reader.

    A ``dated`` one is asked with the day as third argument (``None``: today) and shown as of any day; the others are
    left out of a page as of another day.
    """

    code: str
    label: Any
    template: str
    context: Callable[..., dict[str, Any] | None]  # (organization, reader[, on]) -> None hides it
    order: int = 100
    dated: bool = False


@dataclass(frozen=True, slots=True)
class PersonPanel:
    """A block of a person's archive: called with the person and the reader, at most one query; ``None`` hides it."""

    code: str
    label: Any
    template: str
    context: Callable[[Any, Any], dict[str, Any] | None]  # (person: User, reader: User)
    order: int = 100


@dataclass(frozen=True, slots=True)
class LandingBlock:
    """A block of the public front page: template and context for whoever reads it, signed in or not."""

    code: str
    label: Any
    template: str
    context: Callable[[Any], dict[str, Any] | None]  # (reader) -> None hides it
    order: int = 100
    area: str = "main"  # "main" or "side"


@dataclass(frozen=True, slots=True)
class Metric:
    """A number declared once: card, chart, list and export use the same query."""

    code: str
    label: Any
    definition: Any
    queryset: Callable[[Any, date], Any]  # (organization, on)
    owner: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class DemoSource:
    """Practice data of a room: ``make(world)`` is idempotent and goes through services."""

    code: str
    make: Callable[[Any], None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class DailyJob:
    """Work that the schedule asks of a room each morning; running it again the same day changes nothing."""

    code: str
    run: Callable[[date], None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Guide:
    """A first guide: for whom, and the template that tells it."""

    code: str
    label: Any
    template: str
    visible: Callable[[Any], bool] = everyone
    order: int = 100
    steps: tuple[Any, ...] = field(default_factory=tuple)


navigation: Registry[NavigationItem] = Registry()
work_sources: Registry[WorkSource] = Registry()
search_sources: Registry[SearchSource] = Registry()
timeline_sources: Registry[TimelineSource] = Registry()
panels: Registry[Panel] = Registry()
person_panels: Registry[PersonPanel] = Registry()
landing_blocks: Registry[LandingBlock] = Registry()
metrics: Registry[Metric] = Registry()
demo_sources: Registry[DemoSource] = Registry()
daily_jobs: Registry[DailyJob] = Registry()
guides: Registry[Guide] = Registry()
