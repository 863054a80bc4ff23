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
        self._ordered: tuple[E, ...] | None = None

    def register(self, entry: E) -> E:
        """Add ``entry``; raise ``ValueError`` when its code is taken."""
        if entry.code in self._entries:
            raise ValueError(f"{entry.code} is registered already")
        self._entries[entry.code] = entry
        self._ordered = None
        return entry

    def unregister(self, code: str) -> None:
        self._entries.pop(code, None)
        self._ordered = None

    def get(self, code: str) -> E | None:
        return self._entries.get(code)

    def __iter__(self) -> Iterator[E]:
        if self._ordered is None:  # every page goes through the menus several times
            self._ordered = tuple(sorted(self._entries.values(), key=lambda entry: (entry.order, entry.code)))
        return iter(self._ordered)

    def __len__(self) -> int:
        return len(self._entries)


def everyone(rights: Any) -> bool:
    return True


def signed_in(rights: Any) -> bool:
    return rights.user_id is not None


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """A heading under which entries of the work menu or of the person's own stand together."""

    code: str
    label: Any  # lazy text
    order: int = 100


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry of the bar (``section="main"``), of the person's own menu (``"me"``), or of the work menu (``"work"``).

    ``visible`` is asked with the person's ``Rights`` and must not query. ``group`` is the code of a
    ``NavigationGroup``; the entries of none stand behind the groups.
    """

    code: str
    label: Any  # lazy text
    url_name: str
    order: int = 100
    section: str = "main"
    group: str = ""
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
    """A room's list of what waits for a person; at most two queries a call, none when ``applies`` says no.

    ``waits`` returns rows of which there are none when nothing waits: the workbench asks all sources for one such row
    in a single statement, and calls those alone that have any. It may return too much, never too little. The statement
    is prepared (``portal.access.prepared``): rows depend on rights, person, day, and on the moment as the expression
    given for it. Without it the source is always called.
    """

    code: str
    label: Any
    find: Callable[[Any, date], WorkGroup]  # (user, today)
    order: int = 100
    applies: Callable[[Any], bool] = signed_in  # asked with Rights, must not query
    waits: Callable[[Any, date, Any], Any] | None = None  # (user, today, now as an Instant) -> queryset


@dataclass(frozen=True, slots=True)
class SearchHit:
    title: str
    url: str
    excerpt: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchSource:
    """What a room lets ``portal.search`` index and show; see ``portal/search/services.py``.

    ``readable`` returns the rows that a person may view, exactly those of the policy, where the room knows a quicker
    way to them.
    """

    code: str
    label: Any
    model: str  # "news.Article"
    title: Callable[[Any], str]
    text: Callable[[Any], str]
    url: Callable[[Any], str]
    at: Callable[[Any], datetime]
    order: int = 100
    readable: Callable[[Any], Any] | None = None  # (user) -> queryset


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


@dataclass(frozen=True, slots=True)
class StreamKind:
    """What an entry of a node's stream tells of: said beside it, with an icon of the sprite."""

    code: str  # "meetings.held"
    label: Any
    icon: str = "record-circle"
    order: int = 100


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """Something on a day of a node's calendar; ``at`` is when it begins, ``None`` for the whole day."""

    on: date
    title: str
    url: str = ""
    at: datetime | None = None
    note: str = ""
    icon: str = "calendar-event"


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """What a room writes into a node's calendar: the days from ``first`` to ``last``, both inclusive.

    Called with the node, the reader, and the two days; asks the policy of what it shows; at most two queries.
    """

    code: str
    label: Any
    find: Callable[[Any, Any, date, date], Iterable[CalendarItem]]
    order: int = 100


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """A room's part of a node's record of a year: figures with the lists behind them, and the latest entries."""

    figures: tuple[tuple[Any, Any, str], ...] = ()  # (label, value, address of the list or "")
    entries: tuple[TimelineEntry, ...] = ()
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class RecordSource:
    """What a room keeps on a node's learning and meetings: called with node, reader and year; at most three queries.

    ``None`` leaves the block out: the reader may not see it, or the room keeps nothing of such a node.
    """

    code: str
    label: Any
    find: Callable[[Any, Any, int], RecordBlock | None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class SpaceLink:
    title: str
    url: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SpaceLinks:
    """Places of a room that belong to a node (its boards): called with the node and the reader; at most two queries."""

    code: str
    label: Any
    find: Callable[[Any, Any], Iterable[SpaceLink]]
    order: int = 100


@dataclass(frozen=True, slots=True)
class SpaceTab:
    """A tab of a node's space that leads to a page of a room.

    ``address`` is asked with the node and the reader's ``Rights``, must not query, and returns ``""`` to leave it out.
    """

    code: str
    label: Any
    address: Callable[[Any, Any], str]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Light:
    """How something stands with a node at a glance: words with a tone (``success``, ``warning``, ``danger``, …)."""

    words: Any
    tone: str = "neutral"
    url: str = ""


@dataclass(frozen=True, slots=True)
class LightSource:
    """A room's lights for many nodes at once, by their keys: called with the nodes, the reader and the day.

    A constant number of queries for any number of nodes; a node that is left out has no light.
    """

    code: str
    label: Any
    find: Callable[[Iterable[Any], Any, date], dict[int, Light]]
    order: int = 100


navigation: Registry[NavigationItem] = Registry()
navigation_groups: Registry[NavigationGroup] = Registry()
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
stream_kinds: Registry[StreamKind] = Registry()
calendar_sources: Registry[CalendarSource] = Registry()
record_sources: Registry[RecordSource] = Registry()
space_links: Registry[SpaceLinks] = Registry()
space_tabs: Registry[SpaceTab] = Registry()
space_lights: Registry[LightSource] = Registry()
