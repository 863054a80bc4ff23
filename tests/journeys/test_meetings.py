"""A congress in three browsers at once: convened, answered, checked in, voted on in secret, closed and sealed.

The page on the wall is never loaded anew: what the phones do appears on it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from members.meetings import services
from members.meetings.models import Attendance, Meeting, MeetingState
from members.minutes.models import Minutes
from members.obligations.engine.periods import Period, Span
from members.votes.models import MeetingVote
from members.votes.services import create_vote
from portal.ballots.models import Elector
from tests.members.meetings.hall import scanned
from tests.world import World, make_world

from .conftest import SIZES


@dataclass
class Hall:
    """Windows of several people on one portal, each with cookies of its own."""

    world: World
    server: LiveServer
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, name: str, size: str) -> Page:
        cookie = self.world.client(name).cookies[settings.SESSION_COOKIE_NAME]
        width, height = SIZES[size]
        context = self.browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.server.url}])
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{name}: {error}"))
        return page

    def open(self, page: Page, route: str, *args: Any) -> None:
        page.goto(self.server.url + reverse(route, args=args))


@pytest.fixture
def hall(live_server: LiveServer, browser: Browser) -> Iterator[Hall]:
    found = Hall(make_world(), live_server, browser)
    yield found
    for context in found.contexts:
        context.close()


def plan(world: World) -> Meeting:
    """Plan a congress that begins in half an hour, with a chair and another who records."""
    begins = timezone.now() + timedelta(minutes=30)
    matters = [services.Matter("branch_congress", title) for title in ("What was resolved", "A plan for the term")]
    return services.plan(
        world.branch, kinds=["branch_congress"], title="Autumn congress", planned_at=begins,
        planned_until=begins + timedelta(minutes=90), chair=world.user("secretary"), recorder=world.user("contact"),
        agenda=matters, by=world.user("secretary"), at=timezone.now(),
    )  # fmt: skip


def vote(page: Page, hall: Hall, ballot: int) -> None:
    """Mark the first answer, look once more, and put it into the box."""
    hall.open(page, "ballots:ballot-vote", ballot)
    page.locator("form.vote-form input[type=radio]").first.check()
    page.locator("form.vote-form button[type=submit]").click()
    page.locator("button[name=sure]").click()
    expect(page.locator(".vote-count")).to_be_visible()


def confirm(page: Page, hall: Hall, minutes: Minutes) -> None:
    hall.open(page, "members:minutes:minutes-confirm", minutes.pk)
    page.locator("main form:has(input[name=seen]) button[type=submit]").click()
    page.wait_for_url(f"**{minutes.get_absolute_url()}")


@pytest.mark.django_db(transaction=True)
def test_congress_in_three_browsers(hall: Hall) -> None:
    world, meeting = hall.world, plan(hall.world)
    wall, phone = hall.window("secretary", "wall"), hall.window("member", "phone")
    other = hall.window("contact", "phone")

    # Convened by the chair, answered on the phone.
    hall.open(wall, "members:meetings:meeting-convene", meeting.pk)
    wall.locator("main form[data-once] button[type=submit]").click()
    wall.wait_for_url(f"**{meeting.get_absolute_url()}")
    hall.open(phone, "members:meetings:meeting-detail", meeting.pk)
    phone.locator("input[name=answer][value=attend]").check()
    phone.locator("form:has(input[name=answer]) button[type=submit]").click()
    phone.wait_for_load_state()
    assert Attendance.objects.get(meeting=meeting, user=world.users["member"]).answer == "attend"

    # The light of the quarter, open beside the wall.
    light = wall.context.new_page()
    quarter = Period.of(Span.QUARTER, timezone.localdate())
    hall.open(light, "members:obligations:duty", world.branch.pk, "branch_congress", quarter.code)
    expect(light.locator(".light-met")).to_have_count(0)

    # The space of the branch, open on a laptop.
    space = wall.context.new_page()
    space.set_viewport_size({"width": 1366, "height": 768})
    hall.open(space, "spaces:space-detail", world.branch.pk)
    expect(space.locator(".space-glance")).to_contain_text("Autumn congress")
    expect(space.locator("[data-fresh]")).to_be_hidden()

    # Digits read from the wall are typed on one phone; another one's camera reads the picture.
    hall.open(wall, "members:meetings:session", meeting.pk)
    wall.locator("button:has-text('Open the meeting')").click()
    expect(wall.locator("a:has-text('Close the meeting')")).to_be_visible()
    wall.evaluate("window.neverLeft = true")
    expect(wall.locator(".hall-first strong")).to_have_text("0")
    hall.open(phone, "members:meetings:check-in", meeting.pk)
    phone.locator("input[name=code]").fill(wall.locator("[data-code-typed]").inner_text())
    phone.locator("form[data-check-in] button[type=submit]").click()
    expect(phone.locator(".came-in-big")).to_be_visible()
    hall.open(other, "members:meetings:check-in-scan", meeting.pk, scanned(meeting, timezone.now()))
    expect(other.locator(".came-in-big")).to_be_visible()
    expect(wall.locator(".hall-first strong")).to_have_text("2")

    # The chair ticks the own name on the list, in another tab.
    listed = wall.context.new_page()
    hall.open(listed, "members:meetings:roll", meeting.pk)
    listed.locator("tr:has-text('Secretary') input[type=checkbox]").check()
    listed.locator("button[value=in]").click()
    expect(wall.locator(".hall-first strong")).to_have_text("3")
    expect(wall.locator(".hall-quorate")).to_be_visible()
    shown = wall.locator("[data-code-typed]").inner_text()
    expect(wall.locator("[data-code-typed]")).not_to_have_text(shown, timeout=25_000)

    # The agenda is taken up on the wall and seen on a phone.
    wall.locator(".session-agenda li").nth(1).locator("button").click()
    expect(wall.locator(".item-now .item-title")).to_contain_text("A plan for the term")
    expect(wall.locator("[data-since]")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(phone.locator(".item-now .item-title")).to_contain_text("A plan for the term", timeout=40_000)

    # A secret vote: the wall counts, and nobody's choice is anywhere.
    item = meeting.agenda.order_by("number").last()
    prepared = create_vote(item, purpose="resolution", title="The plan is adopted", by=world.user("secretary"))
    hall.open(listed, "members:votes:vote-step", prepared.pk, "open")
    listed.locator("main form[data-once] button[type=submit]").click()
    listed.wait_for_url(f"**{prepared.get_absolute_url()}")
    for number, page in enumerate((phone, other, listed), start=1):
        vote(page, hall, prepared.ballot_id)
        expect(wall.locator("[data-voted]")).to_have_text(str(number))
    assert Elector.objects.filter(ballot=prepared.ballot_id, voted_on__isnull=False).count() == 3
    hall.open(listed, "members:votes:vote-step", prepared.pk, "close")
    listed.locator("main form[data-once] button[type=submit]").click()
    listed.wait_for_url(f"**{prepared.get_absolute_url()}")
    expect(wall.locator("[data-voted]")).to_have_count(0)
    assert MeetingVote.objects.get().ballot.state == "closed"
    assert wall.evaluate("window.neverLeft") is True

    # Closed; the light turns by itself, and both sides seal the minutes.
    wall.locator("a:has-text('Close the meeting')").click()
    wall.locator("main form[data-once] button[type=submit]").click()
    wall.wait_for_url(f"**{meeting.get_absolute_url()}")
    assert Meeting.objects.get(pk=meeting.pk).state == MeetingState.ENDED
    expect(light.locator(".light-met")).to_be_visible(timeout=60_000)
    minutes = Minutes.objects.get(part__meeting=meeting)
    hall.open(other, "members:minutes:minutes-edit", minutes.pk)
    other.locator("[name=decisions]").fill("The plan for the term is adopted.")
    other.locator("main form[data-draft] .form-actions button[type=submit]").click()
    other.wait_for_url(f"**{minutes.get_absolute_url()}")
    confirm(wall, hall, minutes)
    confirm(other, hall, minutes)
    assert Minutes.objects.get().is_sealed

    # The stream says so by itself, and shows it where it stands.
    space.bring_to_front()
    expect(space.locator("[data-fresh]")).to_be_visible(timeout=40_000)
    space.locator("[data-fresh]").click()
    expect(space.locator("[data-stream] [data-entry]").first).to_contain_text("Autumn congress")
