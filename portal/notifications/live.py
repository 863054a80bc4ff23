"""Tell open pages of new notices: one watcher per process looks for all of them, so that streams cost no thread.

The table is asked every two seconds; with Redis it is asked when someone says that there is news, and now and then
besides. The watcher's own thread gives its database connection back after every look.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass, field

import redis.asyncio
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connections
from django.db.models import Count, Max
from django.utils import timezone, translation

from . import wake
from .models import Notice
from .payload import payload_of

logger = logging.getLogger(__name__)

PERIOD_SECONDS = 2.0
PERIOD_WITH_REDIS_SECONDS = 15.0
HEARTBEAT_SECONDS = 15.0
STREAM_SECONDS = 300
CHECK_SESSIONS_SECONDS = 20.0
STREAMS_AT_MOST = 2000
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class State:
    """What one person has unread: how many, the newest, and that newest notice when it has just come."""

    unread: int = 0
    latest: int = 0
    news: Notice | None = None


@dataclass(eq=False, slots=True)
class Stream:
    """One open page."""

    user_id: int
    session_key: str
    language: str
    queue: "asyncio.Queue[State | None]" = field(default_factory=lambda: asyncio.Queue(maxsize=8))

    def put(self, state: State | None) -> None:
        with suppress(asyncio.QueueFull):  # a page that does not read catches up when it opens its next stream
            self.queue.put_nowait(state)


class Hub:
    """The open pages of this process and the one task that watches for them."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.streams: dict[int, set[Stream]] = {}
        self.states: dict[int, State] = {}
        self.news = asyncio.Event()
        self.watcher: asyncio.Task[None] | None = None
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notices-live")

    @property
    def is_full(self) -> bool:
        return sum(map(len, self.streams.values())) >= STREAMS_AT_MOST

    def join(self, stream: Stream) -> None:
        self.streams.setdefault(stream.user_id, set()).add(stream)
        if stream.user_id in self.states:
            stream.put(self.states[stream.user_id])
        self.news.set()
        if self.watcher is None or self.watcher.done():
            # An empty context: the watcher outlives the request that happened to start it.
            self.watcher = self.loop.create_task(self._watch(), context=Context())

    def leave(self, stream: Stream) -> None:
        others = self.streams.get(stream.user_id, set())
        others.discard(stream)
        if not others:
            self.streams.pop(stream.user_id, None)
            self.states.pop(stream.user_id, None)

    async def _watch(self) -> None:
        listener = self.loop.create_task(self._listen()) if settings.REDIS_URL else None
        period = PERIOD_WITH_REDIS_SECONDS if settings.REDIS_URL else PERIOD_SECONDS
        checked = self.loop.time()
        try:
            while self.streams:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.news.wait(), period)
                self.news.clear()
                await self._look()
                if self.loop.time() - checked > CHECK_SESSIONS_SECONDS:
                    checked = self.loop.time()
                    await self._end_dead_sessions()
                await asyncio.sleep(0.1)  # many posts in a row are one look
        finally:
            if listener is not None:
                listener.cancel()

    async def _listen(self) -> None:
        """Turn Redis messages into looks; while Redis is away the slow period goes on."""
        while True:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
            try:
                async with client, client.pubsub() as channel:
                    await channel.subscribe(wake.CHANNEL)
                    async for _message in channel.listen():
                        self.news.set()
            except (redis.RedisError, OSError) as error:
                logger.warning("Redis does not tell of notices: %s", error)
            await asyncio.sleep(2)

    async def _look(self) -> None:
        states = await self._ask(look, dict(self.states), list(self.streams))
        for user_id, state in (states or {}).items():
            if user_id not in self.streams:
                continue
            self.states[user_id] = State(state.unread, state.latest)
            for stream in self.streams[user_id]:
                stream.put(state)

    async def _end_dead_sessions(self) -> None:
        keys = {stream.session_key for streams in self.streams.values() for stream in streams}
        alive = await self._ask(alive_sessions, keys)
        if alive is None:
            return
        for stream in [stream for streams in self.streams.values() for stream in streams]:
            if stream.session_key not in alive:
                stream.put(None)

    async def _ask(self, question: Callable, *args):
        try:
            return await self.loop.run_in_executor(self.thread, _with_connection, question, *args)
        except DatabaseError as error:
            logger.warning("The database does not tell of notices: %s", error)
            return None


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """Return the hub of the running event loop."""
    loop = asyncio.get_running_loop()
    for closed in [known for known in _hubs if known.is_closed()]:
        del _hubs[closed]
    return _hubs.setdefault(loop, Hub(loop)) if loop not in _hubs else _hubs[loop]


def look(known: dict[int, State], user_ids: list[int]) -> dict[int, State]:
    """Return what has changed for ``user_ids`` since ``known``; one statement, a second one when there is news."""
    found = dict.fromkeys(user_ids, State())
    for start in range(0, len(user_ids), _CHUNK):
        rows = Notice.objects.unread().filter(recipient_id__in=user_ids[start : start + _CHUNK]).order_by()
        for user_id, unread, latest in rows.values_list("recipient_id").annotate(n=Count("pk"), latest=Max("pk")):
            found[user_id] = State(unread, latest)
    changed = {user_id: state for user_id, state in found.items() if known.get(user_id) != state}
    fresh = [s.latest for user_id, s in changed.items() if user_id in known and s.latest > known[user_id].latest]
    news = Notice.objects.filter(pk__in=fresh).select_related("message").in_bulk() if fresh else {}
    return {user_id: State(s.unread, s.latest, news.get(s.latest)) for user_id, s in changed.items()}


def alive_sessions(keys: Iterable[str]) -> set[str]:
    """Return those of ``keys`` whose sessions go on."""
    rows = Session.objects.filter(session_key__in=list(keys), expire_date__gt=timezone.now())
    return set(rows.values_list("session_key", flat=True))


def _with_connection(question: Callable, *args):
    try:
        return question(*args)
    finally:
        connections.close_all()


async def events(stream: Stream, *, seconds: float = STREAM_SECONDS) -> AsyncIterator[bytes]:
    """Write the events of one page until its time is over or its session ends; the page then asks anew."""
    here = hub()
    here.join(stream)
    ends = here.loop.time() + min(seconds, STREAM_SECONDS)
    try:
        yield f"retry: {random.randint(1000, 5000)}\n\n".encode()  # noqa: S311 - spreads the pages, hides nothing
        while (left := ends - here.loop.time()) > 0:
            try:
                state = await asyncio.wait_for(stream.queue.get(), min(HEARTBEAT_SECONDS, left))
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if state is None:
                return
            yield event_of(state, stream.language)
    finally:
        here.leave(stream)


def event_of(state: State, language: str) -> bytes:
    """Write ``state`` as one server-sent event in the page's language."""
    with translation.override(language):
        data = payload_of(state.unread, state.latest, state.news)
    return f"event: notices\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
