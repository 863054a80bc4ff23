"""What holds for every test: closed sockets, an empty cache, no error logged, no undefined variable in a template."""

import logging
import socket
from collections.abc import Generator, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone, translation

from .append_only import lift_for_flush
from .migrated import keep_migrated
from .shipped import keep_shipped_data
from .templates import watch_templates
from .world import World, make_world

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def pytest_configure() -> None:
    """Fix the language, and trade what only production needs for speed: slow hashes, names from a manifest."""
    # Tests read what the code says; that Chinese comes first has tests of its own.
    settings.LANGUAGE_CODE = "en"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    watch_templates()
    lift_for_flush()
    keep_shipped_data()
    keep_migrated()
    keep_connections()


def keep_connections() -> None:
    """Let an answer that a test closes itself leave the connection open that the test's transaction lives on."""
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_outside_transactions(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            close(self)

    BaseDatabaseWrapper.close_if_unusable_or_obsolete = close_outside_transactions  # type: ignore[method-assign]


class ErrorRecorder(logging.Handler):
    """Keep what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that logged an error, unless it is marked ``logs_errors`` because it provokes one."""
    recorder = ErrorRecorder()
    logging.getLogger().addHandler(recorder)
    try:
        result = yield
    finally:
        logging.getLogger().removeHandler(recorder)
    if recorder.lines and not item.get_closest_marker("logs_errors"):
        pytest.fail("An error was logged:\n" + "\n".join(recorder.lines), pytrace=False)
    return result


@pytest.fixture(autouse=True)
def closed_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and (not isinstance(address, tuple) or address[0] not in LOOPBACK):
            raise AssertionError(f"A test tried to reach {address!r}.")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Let no limit or version of one test reach the next."""
    cache.clear()
    caches["fragments"].clear()
    yield


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Begin each test in the language and zone of the settings, whatever a page chose in the test before."""
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def world(db: None) -> World:
    """Return the fixed cast and tree of ``tests/world.py``."""
    return make_world()
