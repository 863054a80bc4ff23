"""Take pictures of the main pages at three sizes of screen, of a fresh portal with practice data."""

import argparse
import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from commands.machine import ROOT, NotReady, say
from commands.processes import end_in_order, stop_group, tied_to_parent
from commands.services import free_port
from commands.test import browser

FOLDER = ROOT / "docs" / "screenshots"
ROSTER = ROOT / "tests" / "portal" / "imports" / "samples" / "roster-300.xlsx"
PASSWORD = "practice-pictures"  # noqa: S105 - of a portal that lives for minutes
SIZES = ((390, 844), (1366, 768), (1920, 1080))
PHONE = 390
# A telephone scrolls: its pictures show more than one screen, but not the whole of a long page.
PHONE_HEIGHT = 1600
# Milliseconds for what a page asks for after it was drawn.
SETTLING = 800
START_SECONDS = 600
COLOURS = 128
MOST_BYTES = 120_000
REPORTS = "/members/development/thought-reports/"
RECRUITMENT = "/members/recruitment/"
MEETINGS = "/members/meetings/"
# The clock of the portal, wherever the pictures are taken.
CLOCK = ZoneInfo("Asia/Shanghai")
CASE_LINKS = "main tbody th a[href*='/recruitment/cases/']"


def at(address: str) -> Callable[[Page], str]:
    """Return a way to a page whose address is known."""
    return lambda page: address


def links(page: Page, start: str, selector: str) -> list[str]:
    """Open ``start`` and return where its links that match the selector lead to, each once."""
    page.goto(start)
    found = page.locator(selector).evaluate_all("all => all.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(found))


def first(start: str, selector: str) -> Callable[[Page], str]:
    """Return a way to the first link on ``start`` that the selector finds."""

    def find(page: Page) -> str:
        if found := links(page, start, selector):
            return found[0]
        raise NotReady(f"No link on {start} matches {selector}.")

    return find


def illustrated(page: Page) -> str:
    """Return the address of the first article on the front page of the news with a picture in its text."""
    for address in links(page, "/news/", "main a[href*='/news/articles/']"):
        page.goto(address)
        if page.locator(".article-body img").count():
            return address
    raise NotReady("No article on the front page of the news has a picture.")


def waiting(page: Page) -> str:
    """Return the address of a report to answer or, when none waits, of any report in the person's care."""
    for start in (f"{REPORTS}to-answer/", f"{REPORTS}all/"):
        if found := links(page, start, "main td a[href*='/thought-reports/']"):
            return found[0]
    raise NotReady("The contact has no report to show.")


def recordable(page: Page) -> str:
    """Return the address of a form for the first case of the table in which the person may record something."""
    for address in links(page, f"{RECRUITMENT}cases/", CASE_LINKS):
        if found := links(page, address, "main a[href*='/record/']"):
            return found[0]
    raise NotReady("No case of the table has a step to record.")


def preview(page: Page) -> str:
    """Upload a roster and return the address of its preview once a worker has made it."""
    page.goto("/imports/")
    page.locator("[name=file]").set_input_files(ROSTER)
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    page.locator("#summary-title").wait_for(timeout=120_000)
    return page.url


def sitting(page: Page) -> str:
    """Plan a meeting of this hour, convene and open it, note who came, and return the address of its screen."""
    begins = datetime.now(CLOCK) + timedelta(minutes=20)
    page.goto(f"{MEETINGS}new/")
    form = page.locator("main form[data-draft]")
    form.locator("[name=title]").fill("讨论接收预备党员")
    form.locator("[name=kinds][value=branch_congress]").check()
    form.locator("[name=day]").fill(begins.strftime("%Y-%m-%d"))
    form.locator("[name=begins]").fill(begins.strftime("%H:%M"))
    form.locator("[name=lasts]").fill("90")
    for name, number in (("chair", 1), ("recorder", 2)):
        form.locator(f"select[name={name}]").select_option(index=number)
    form.locator("button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/meetings/\d+/$"))
    meeting = page.url
    page.goto(f"{meeting}convene/")
    page.locator("main form[data-once] button[type=submit]").click()
    page.wait_for_url(meeting)
    page.goto(f"{meeting}session/")
    page.locator("form[action$='/session/open/'] button").click()
    page.goto(f"{meeting}roll/")
    for box in page.locator("main tbody input[type=checkbox]").all()[:9]:
        box.check()
    page.locator("button[value=in]").click()
    page.wait_for_load_state()
    return f"{meeting}session/"


@dataclass(frozen=True)
class Picture:
    """One page to take: its name, the practice account that looks (a visitor without one), and the way there."""

    name: str
    account: str
    way: Callable[[Page], str]


PICTURES = (
    Picture("home", "", at("/")),
    Picture("article", "", illustrated),
    Picture("workbench-activist", "activist", at("/desk/")),
    Picture("report-write", "activist", first(REPORTS, "a[href$='/write/']")),
    Picture("thread", "activist", first("/forum/boards/theory/", "main td a[href*='/forum/threads/']")),
    Picture("course", "activist", first("/party-school/", ".course-row a")),
    Picture("report-answer", "contact", waiting),
    Picture("workbench-secretary", "secretary", at("/desk/")),
    Picture("quarter-grid", "secretary", at(f"{REPORTS}grid/")),
    Picture("people", "secretary", at("/members/")),
    Picture("branch", "secretary", first("/members/me/", ".person-head a[href^='/organizations/']")),
    Picture("import-preview", "committee", preview),
    Picture("recruitment-mine", "activist", at(f"{RECRUITMENT}mine/")),
    Picture("recruitment-board", "secretary", at(RECRUITMENT)),
    Picture("recruitment-case", "secretary", first(f"{RECRUITMENT}cases/?stage=target", CASE_LINKS)),
    Picture("recruitment-record", "secretary", recordable),
    Picture("recruitment-board-committee", "committee", at(RECRUITMENT)),
    Picture("recruitment-cases", "committee", at(f"{RECRUITMENT}cases/")),
    Picture("recruitment-calendar", "committee", at(f"{RECRUITMENT}calendar/")),
    Picture("meetings", "secretary", at(MEETINGS)),
    Picture("meeting-plan", "secretary", at(f"{MEETINGS}new/")),
    Picture("meeting", "secretary", first(MEETINGS, "main td a[href*='/meetings/'], main th a[href*='/meetings/']")),
    Picture("meeting-session", "secretary", sitting),
    Picture("minutes", "secretary", first("/members/minutes/", "main tbody a[href*='/members/minutes/']")),
    Picture("space", "member", at("/spaces/")),
    Picture("due-board", "committee", at("/members/obligations/")),
    Picture("due-year", "secretary", first("/members/obligations/", "main tbody th a")),
    Picture("appraisal", "secretary", first("/members/appraisals/", "main tbody a[href*='/appraisals/']")),
    Picture("activities", "member", at("/members/activities/")),
)


@contextmanager
def portal() -> Iterator[str]:
    """Start ``bin/serve`` on data of its own, yield its address when it is ready, and stop it.

    Raises ``NotReady`` with the end of its log when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as folder:
        data, address = Path(folder), f"http://127.0.0.1:{(port := free_port())}"
        kept = ("PORTAL_PYTHON", "PORTAL_VENV")
        environment = {name: value for name, value in os.environ.items() if name in kept or "PORTAL_" not in name}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environment.pop(name, None)
        environment |= {"PORTAL_DATA": folder, "PORT": str(port), "PORTAL_PRACTICE_PASSWORD": PASSWORD}
        log = data / "serve.log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [str(ROOT / "bin" / "serve")], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=written,
                stderr=written, start_new_session=True, preexec_fn=tied_to_parent(os.getpid()),
            )  # fmt: skip
        try:
            say("starting a portal (some minutes)")
            if not is_ready(address, process):
                raise NotReady(f"The portal did not start:\n{log.read_text(errors='replace')[-3000:]}")
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                stop_group(process, signal.SIGKILL)
                process.wait()


def is_ready(address: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the portal says that it is ready; return whether it did."""
    give_up_at = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5):  # noqa: S310 - our own address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    return False


def sign_in(page: Page, account: str) -> None:
    """Sign in through the form, as a person would."""
    page.goto("/accounts/login/")
    form = page.locator("form:has(input#id_password)")
    form.locator("input#id_login").fill(account)
    form.locator("input#id_password").fill(PASSWORD)
    form.locator("button[type=submit]").first.click()
    page.wait_for_url("**/desk/")


def save(picture: bytes, path: Path) -> None:
    """Write a picture with few colours, and with fewer while it is large for a repository."""
    image, colours = Image.open(io.BytesIO(picture)).convert("RGB"), COLOURS
    while True:
        image.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES or colours <= 16:
            return
        colours //= 2


def take(page: Page, picture: Picture) -> None:
    """Take one page at every size."""
    address = picture.way(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(address)
        if answer and answer.status != 200:
            raise NotReady(f"{address} answered {answer.status} instead of a page.")
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready.then(() => true)")
        page.wait_for_timeout(SETTLING)
        shown = height
        if width == PHONE:
            whole = int(page.evaluate("document.documentElement.scrollHeight"))
            shown = max(height, min(whole, PHONE_HEIGHT))
            page.set_viewport_size({"width": width, "height": shown})
        save(page.screenshot(animations="disabled", caret="hide"), FOLDER / f"{picture.name}-{width}.png")
    say(picture.name)


def take_all(running: Browser, address: str, pictures: list[Picture]) -> None:
    """Take the pictures, each account in one window of its own."""
    for account in dict.fromkeys(picture.account for picture in pictures):
        context = running.new_context(base_url=address, locale="zh-CN", viewport={"width": 1366, "height": 768})
        context.set_default_timeout(30_000)
        page = context.new_page()
        if account:
            sign_in(page, account)
        for picture in pictures:
            if picture.account == account:
                take(page, picture)
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description=__doc__)
    names = [picture.name for picture in PICTURES]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to take; everything without one: {names}")
    wanted = parser.parse_args().names or names
    if unknown := [name for name in wanted if name not in names]:
        parser.error(f"no picture is called {', '.join(unknown)}")
    end_in_order()
    FOLDER.mkdir(exist_ok=True)
    path = os.environ.get("PORTAL_BROWSER") or browser()
    flags = ["--disable-gpu", "--no-first-run", "--hide-scrollbars"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with portal() as address, sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=flags)
        take_all(running, address, [picture for picture in PICTURES if picture.name in wanted])
        running.close()


if __name__ == "__main__":
    try:
        main()
    except NotReady as reason:
        sys.exit(str(reason))
