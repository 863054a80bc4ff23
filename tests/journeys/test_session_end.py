"""The warning before a session ends, and notices that stay long enough, in a real browser with a clock of its own."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from playwright.sync_api import Browser, Page, Route, expect

from portal.accounts.sessions import BEGAN, SEEN

STATIC = Path(__file__).resolve().parents[2] / "static"
HERE = "http://portal.test/page/"
MINUTE = 60


@pytest.fixture
def open_page(browser: Browser):
    """Return a function that opens a page with a session of so many seconds; ``left`` answers later questions."""
    contexts = []

    def opened(seconds: int, left: Callable[[str], dict | None], markup: str = "") -> Page:
        request, now = RequestFactory().get("/page/"), int(time.time())
        request.session = {BEGAN: now, SEEN: now - 30 * MINUTE + seconds}
        request.session_ends_at = now + seconds
        with override("en"):
            body = markup or render_to_string("portal/accounts/_session_end.html", {}, request)

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix("http://portal.test")
            if path.startswith("/static/"):
                route.fulfill(path=STATIC / path.removeprefix("/static/"))
            elif path.startswith("/page/"):
                route.fulfill(body=f"<!doctype html><html lang=en><body><textarea id=t></textarea>{body}</body></html>",
                              content_type="text/html; charset=utf-8")  # fmt: skip
            else:
                found = left(route.request.method)
                if found is None:
                    route.fulfill(status=302, headers={"Location": "/accounts/login/"})
                else:
                    route.fulfill(body=json.dumps(found), content_type="application/json")

        context = browser.new_context()
        contexts.append(context)
        page = context.new_page()
        page.clock.install()
        page.route("**/*", answer)
        page.goto(HERE)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_person_is_warned_and_stays(open_page):
    asked: list[str] = []

    def left(method: str) -> dict:
        asked.append(method)
        return {"seconds": 30 * MINUTE if method == "POST" else 3 * MINUTE, "may_stay": True}

    page = open_page(30 * MINUTE, left)
    dialog = page.get_by_role("dialog", name="Are you still there?")
    page.clock.run_for(26 * MINUTE * 1000)
    expect(dialog).to_be_hidden()
    page.clock.run_for(62 * 1000)
    expect(dialog).to_be_visible()
    stay = dialog.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert asked == ["GET", "POST"]


def test_other_tab_at_work_keeps_the_question_away(open_page):
    page = open_page(30 * MINUTE, lambda method: {"seconds": 29 * MINUTE, "may_stay": True})
    page.clock.run_for(28 * MINUTE * 1000)
    expect(page.locator("dialog")).to_be_hidden()


def test_ended_session_is_said_and_the_page_stays(open_page):
    page = open_page(2 * MINUTE, lambda method: None)
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#t").fill("Not saved yet")
    page.clock.run_for(2 * MINUTE * 1000 + 10_000)
    dialog = page.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link")).to_have_attribute("href", "/accounts/login/?next=%2Fpage%2F")
    dialog.get_by_role("button").click()
    expect(page.locator("#t")).to_have_value("Not saved yet")


def test_notice_stays_twenty_seconds_and_while_somebody_reads_it(open_page):
    state = {"unread": 1, "shown": "1", "label": "1", "latest": 1, "notice": None}
    news = {"title": "Meeting", "url": "/notices/1/", "heading": "New notice:", "close": "Close this message"}
    answers = [state]
    markup = '<a id="inbox-link" href="/notices/"></a><script src="/static/js/live.js" data-unread="/unread/"></script>'
    page = open_page(0, lambda method: answers[-1], markup)
    page.clock.run_for(1000)
    answers.append(state | {"latest": 2, "notice": news})
    toast = page.locator(".toast")
    page.clock.run_for(15_000)
    expect(toast).to_have_count(1)
    page.clock.run_for(19_000)
    expect(toast).to_have_count(1)
    toast.get_by_role("link").focus()
    page.clock.run_for(60_000)
    expect(toast).to_have_count(1)
    toast.get_by_role("button", name="Close this message").click()
    expect(toast).to_have_count(0)
