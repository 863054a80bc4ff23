"""The editor in a real browser: nothing typed is lost, whatever happens to the page."""

import os
import re
import shutil

import pytest
from django.urls import reverse

from portal.drafts.services import draft_of, save_draft

from .conftest import TEXT

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(monkeypatch):
    if not shutil.which("chromium"):
        pytest.skip("needs Chromium")
    from playwright.sync_api import sync_playwright

    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser, desk, live_server):
    """Return a function that opens the author's editor on one more telephone."""
    cookie = desk.world.client("author").cookies["session"].value
    address = live_server.url + reverse(
        "members:development:thought-report-write", args=[desk.quarter.year, desk.quarter.number]
    )

    def open_editor():
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(address)
        return page

    return open_editor


def shows(page, place, pattern):
    from playwright.sync_api import expect

    expect(page.locator(place)).to_have_text(re.compile(pattern))


def kept(desk):
    found = draft_of(desk.world.user("author"), f"thought-report.{desk.quarter}")
    return found.data["body"] if found else None


def test_text_survives_a_killed_browser(desk, phone):
    page = phone()
    page.fill("#id_body", "The first lines")
    shows(page, "[data-draft-status]", r"\d\d:\d\d:\d\d")
    assert kept(desk) == "The first lines"
    page.fill("#id_body", "The first lines, and more")
    page.close(run_before_unload=False)
    again = phone()
    again.wait_for_timeout(500)
    assert again.reload() and again.input_value("#id_body") == "The first lines, and more"
    assert again.faults == []


def test_two_telephones_are_shown_each_others_text(desk, phone):
    page = phone()
    save_draft(
        desk.world.user("author"), f"thought-report.{desk.quarter}", {"body": "from the other"}, version=0, device="x"
    )
    page.fill("#id_body", "from this one")
    page.wait_for_selector("[data-draft-conflict]:not([hidden])")
    assert page.text_content("[data-draft-theirs]").strip() == "from the other"
    page.click("[data-draft-keep-mine]")
    page.wait_for_selector("[data-draft-conflict][hidden]", state="attached")
    page.wait_for_timeout(1000)
    assert (kept(desk), page.faults) == ("from this one", [])


def test_lost_network_is_said_loudly_and_made_up_for(desk, phone):
    page = phone()
    page.context.set_offline(True)
    page.fill("#id_body", "written in the tunnel")
    page.wait_for_selector("[data-draft-alert]:not([hidden])")
    page.context.set_offline(False)
    page.wait_for_selector("[data-draft-alert][hidden]", state="attached", timeout=15000)
    assert kept(desk) == "written in the tunnel"
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_report_is_handed_in_from_a_telephone(desk, phone):
    page = phone()
    page.fill("#id_title", "My quarter")
    page.fill("#id_body", TEXT)
    shows(page, "[data-count-of]", "[1-9]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("button[value=check]")
    page.click("main form[data-once] button.btn-primary")
    page.wait_for_selector(".state-submitted")
    assert (kept(desk), page.faults) == (None, [])
