"""A whole portal as a user meets it: started by ``bin/serve`` with practice data, driven in a real Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "practice-journeys"
START_SECONDS = 300
SIZES = {"phone": (390, 844), "laptop": (1366, 768), "wall": (1920, 1080)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Portal:
    """A running portal: its address and the folder of its data."""

    address: str
    data: Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _database(url: str) -> Iterator[str]:
    """Lend a fresh database on the server that ``url`` names; an empty ``url`` means SQLite."""
    if not url:
        yield ""
        return
    name = f"journeys_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # noqa: S608 - the name is made here
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # noqa: S608 - as above


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Start the portal once for all journeys and stop it afterwards."""
    data, port = tmp_path_factory.mktemp("portal"), _free_port()
    with _database(os.environ.get("DATABASE_URL", "")) as database:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        environment |= {"PORTAL_DATA": str(data), "PORT": str(port), "PORTAL_PRACTICE_PASSWORD": PASSWORD}
        environment.pop("DATABASE_URL", None)
        if database:
            environment["DATABASE_URL"] = database
        with (data / "serve.log").open("wb") as log:
            process = subprocess.Popen(
                [str(ROOT / "bin" / "serve")], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
            try:
                running = Portal(f"http://127.0.0.1:{port}", data)
                _wait(running, process)
                yield running
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)


def _wait(portal: Portal, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 2):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{portal.address}/health/ready", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail("The portal did not start:\n" + (portal.data / "serve.log").read_text(errors="replace")[-4000:])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the database of a portal in this process in a file: in memory its threads would lock each other out."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "journeys.sqlite3")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium."""
    path = os.environ.get("PORTAL_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        pytest.fail("The journeys need a browser: apt install chromium.")
    flags = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    # Playwright runs a loop in the thread of the tests, some of which look into the database themselves.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*flags, "--disable-sync", "--disable-quic"])
        yield running
        running.close()


@dataclass
class People:
    """Open windows, one per person, each with its own cookies."""

    portal: Portal
    browser: Browser
    contexts: list[BrowserContext]

    def window(self, name: str | None = None, *, size: str = "laptop", script: bool = True) -> Page:
        """Return a page in which the practice account ``name`` is signed in; ``None`` is a visitor."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            base_url=self.portal.address,
            java_script_enabled=script,
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{name or 'visitor'}: {error}"))
        if name:
            sign_in(page, name)
        return page


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Sign in through the form, as a person would."""
    page.goto("/accounts/login/")
    form = page.locator("form:has(input#id_password)")
    form.locator("input#id_login").fill(name)
    form.locator("input#id_password").fill(password)
    form.locator("button[type=submit]").first.click()
    page.wait_for_url("**/desk/")


@pytest.fixture
def people(portal: Portal, browser: Browser) -> Iterator[People]:
    """Lend windows and close them."""
    found = People(portal, browser, [])
    yield found
    for context in found.contexts:
        context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a journey."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.journey)
