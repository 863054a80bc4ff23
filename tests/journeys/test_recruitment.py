"""One person from the letter to the archived file of a full member, each step in Chromium by the account that acts.

The portal runs in this process, so that its clock can be moved to the day of each record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from pytest_django.live_server_helper import LiveServer

from members.recruitment.engine.facts import Fact
from members.recruitment.engine.people import Role
from members.recruitment.engine.steps import STEPS
from members.recruitment.forms.kinds import FORMS
from members.recruitment.models import Case, ClosedReason, Letter
from portal.accounts.models import User
from portal.organizations.models import Standing
from tests.members.recruitment.way import Cast, at, dossier, make_cast
from tests.world import make_world

from .conftest import SIZES

LETTER = (
    "我志愿加入中国共产党。\n我是一名学生，思想上积极要求进步，愿意接受党组织的考验。\n"
    "我将以实际行动争取早日加入党组织。"
)

WORDS = "表现良好，继续培养。"


@dataclass
class Stage:
    """A browser in which one account after the other is signed in on the day that the clock shows."""

    cast: Cast
    server: LiveServer
    browser: Browser
    context: BrowserContext | None = None

    def act(self, user: User, route: str, *args: Any) -> Page:
        """Open a page as ``user``, whose session begins today.

        Each account has a window with cookies of its own: what the page before still asked for is answered with the end
        of a session that the clock has passed, and that answer must not reach the session that begins here.
        """
        name = next(key for key, value in self.cast.world.users.items() if value.pk == user.pk)
        cookie = self.cast.world.client(name).cookies[settings.SESSION_COOKIE_NAME]
        self.close()
        width, height = SIZES["laptop"]
        self.context = self.browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        self.context.set_default_timeout(20_000)
        self.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.server.url}])
        page = self.context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(self.server.url + reverse(f"members:recruitment:{route}", args=args))
        return page

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None


@pytest.fixture
def stage(live_server: LiveServer, browser: Browser) -> Iterator[Stage]:
    """Lend a window on a portal of this process, with the cast of a branch."""
    world = make_world()
    cast = make_cast(world)
    for number, member in enumerate([cast.person, *cast.people.values()]):
        world.users[f"way-{number}"] = User.objects.get(pk=member.user_id)
    lent = Stage(cast, live_server, browser)
    yield lent
    lent.close()


@pytest.mark.django_db(transaction=True)
def test_from_the_letter_to_the_archived_file(stage: Stage, tmp_path: Path) -> None:
    facts, cast = dossier(), stage.cast
    done: set[str] = set()
    for fact in facts.records:
        with at(fact.on):
            if fact.kind in ("application", "conversion"):
                write_letter(stage, "admission" if fact.kind == "application" else "conversion")
            else:
                record(stage, fact)
        done.add(fact.step)
        assert Case.objects.get().records.valid().filter(step=fact.step, kind=fact.kind).exists()
    case = Case.objects.select_related("person").get()
    assert done == set(STEPS)
    assert (case.closed_reason, case.person.standing) == (ClosedReason.ARCHIVED, Standing.FULL_MEMBER)
    with at(facts.records[-1].on):
        check_timeline(stage, case, len(facts.records))
        open_every_paper(stage, case, tmp_path)
        page = stage.act(cast.actor(Role.APPLICANT), "my-way")
        assert page.locator("main").inner_text().count(str(Standing.FULL_MEMBER.label)) >= 1
        assert stage.act(cast.actor(Role.APPLICANT), "case-detail", case.pk).locator("dl.facts").count() == 0


def record(stage: Stage, fact: Fact) -> None:
    """Fill the form of ``fact`` and send it as whoever acts; a report on paper is entered by the branch."""
    case = Case.objects.select_related("organization").get()
    actor = stage.cast.actor(Role.BRANCH if fact.role is Role.APPLICANT else fact.role)
    page = stage.act(actor, "record-create", case.pk, fact.step, fact.kind)
    form = page.locator("main form[data-draft]")
    assert form.count(), f"{fact.step}, {fact.kind}, {fact.on}: {page.locator('main').inner_text()}"
    details = stage.cast.named(fact.details)
    fill(form, {"on": fact.on, **FORMS[fact.kind].initial_of(details)})
    for paper in fact.documents:
        fill(form, {f"paper_{paper.kind}_on": paper.dated_on, f"paper_{paper.kind}_signed": paper.is_signed})
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()
    came = page.url.endswith(reverse("members:recruitment:case-detail", args=[case.pk]))
    assert came, f"{fact.step}, {fact.kind}, {fact.on}: {page.locator('main').inner_text()}"


def fill(form: Locator, values: dict[str, Any]) -> None:
    """Enter values into the fields of their names; what a form does not ask is left out."""
    for name, value in values.items():
        field = form.locator(f"[name='{name}']")
        if not field.count() or value is None:
            continue
        if value == "":
            if field.get_attribute("required") is None:
                continue
            value = WORDS
        kind = field.first.get_attribute("type") or field.first.evaluate("field => field.localName")
        if kind in ("radio", "checkbox") and not isinstance(value, bool):
            for choice in value if isinstance(value, list) else [value]:
                form.locator(f"[name='{name}'][value='{choice}']").check()
        elif kind == "radio":
            form.locator(f"[name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            field.set_checked(value)
        elif kind == "select":
            offered = field.evaluate("field => [...field.options].map((option) => option.value)")
            # Who talks for the superior belongs to it; the dossier names one of the branch.
            field.select_option(str(value) if str(value) in offered else offered[-1])
        else:
            field.fill(value.isoformat() if isinstance(value, date) else str(value))


def write_letter(stage: Stage, kind: str) -> None:
    """Let the candidate write and hand in a letter, and the secretary receive it."""
    page = stage.act(stage.cast.actor(Role.APPLICANT), "letter-write", kind)
    form = page.locator("form.editor")
    form.locator("[name=body]").fill(LETTER)
    form.locator("[name=carrier]").first.check()
    if kind == "conversion":
        fill(form, {"faults": "学习还不够系统。", "explanations": "无。"})
    form.locator("button[value=check]").click()
    page.wait_for_url("**/check/")
    page.locator("#declared").check()
    page.locator("main form[data-once] button[type=submit]").click()
    page.wait_for_url(lambda url: not url.endswith("/check/"))
    letter = Letter.objects.get(kind=kind)
    page = stage.act(stage.cast.actor(Role.BRANCH), "letter-answer", letter.pk)
    form = page.locator("main form[data-once]")
    form.locator("input[type=radio]").first.check()
    form.locator("[name=is_signed]").check()
    form.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: not url.endswith("/answer/"))


def check_timeline(stage: Stage, case: Case, count: int) -> None:
    """See every step done and every record in the history of the case."""
    page = stage.act(stage.cast.actor(Role.BRANCH), "case-detail", case.pk)
    text = page.locator("main").inner_text()
    assert [step.label for step in STEPS.values() if str(step.label) not in text] == []
    assert page.locator("ol.timeline > li").count() >= count


def open_every_paper(stage: Stage, case: Case, folder: Path) -> None:
    """Take along each paper that the case offers, as PDF and as Word, and open it."""
    page = stage.act(stage.cast.actor(Role.BRANCH), "case-papers", case.pk)
    buttons = page.locator("form.case-papers button[formaction]")
    opened = {"pdf": 0, "docx": 0}
    for place in range(buttons.count()):
        with page.expect_download() as coming:
            buttons.nth(place).click()
        kept = folder / coming.value.suggested_filename
        coming.value.save_as(kept)
        opened[kept.suffix[1:]] += 1
        if kept.suffix == ".pdf":
            assert kept.read_bytes().startswith(b"%PDF-"), kept.name
        else:
            assert docx.Document(str(kept)).element.body.xpath("count(.//w:t)"), kept.name
    assert opened["pdf"] == opened["docx"] > len(STEPS)
