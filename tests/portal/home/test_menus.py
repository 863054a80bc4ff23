"""The menus: what stands under which heading, and what a person finds in reach on every page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from lxml import html

from portal.extensions.registry import (
    NavigationGroup,
    NavigationItem,
    WorkGroup,
    WorkItem,
    WorkSource,
    navigation,
    navigation_groups,
    work_sources,
)
from portal.home.menus import FLAT, Link, grouped
from portal.home.queries import desk
from tests.world import World


def links(*groups: str) -> list[Link]:
    return [Link(f"link-{place}", "Link", f"/{place}/", "", False, group) for place, group in enumerate(groups)]


def shape(*groups: str) -> list[tuple[str, list[str]]]:
    menus = grouped(links(*groups), flat=2)
    return [(str(menu.label), [link.code for link in menu.links]) for menu in menus]


@pytest.fixture
def headings():
    for code in ("early", "late"):
        navigation_groups.register(NavigationGroup(f"test-{code}", code, 1000 if code == "early" else 2000))
    yield
    for code in ("early", "late"):
        navigation_groups.unregister(f"test-{code}")


def test_few_entries_need_no_heading(headings):
    assert shape("test-late", "test-early") == [("", ["link-0", "link-1"])]
    assert shape() == []


def test_many_entries_stand_under_headings_in_their_order_and_those_of_none_behind(headings):
    assert shape("test-late", "unknown", "test-early", "", "test-late", "test-early") == [
        ("early", ["link-2", "link-5"]),
        ("late", ["link-0", "link-4"]),
        ("", ["link-1", "link-3"]),
    ]


def test_heading_over_a_single_entry_is_left_out(headings):
    assert shape("test-early", "test-late", "test-late") == [("", ["link-0"]), ("late", ["link-1", "link-2"])]


def test_every_entry_of_ours_stands_under_a_heading():
    placed = [item for item in navigation if item.section in {"me", "work"}]
    assert [item.code for item in placed if navigation_groups.get(item.group) is None] == []


def test_room_may_leave_its_entry_without_a_heading(world: World):
    navigation.register(NavigationItem(code="test-door", label="A door", url_name="home:landing", section="work"))
    try:
        page = html.document_fromstring(world.client("secretary").get("/about/").content.decode())
    finally:
        navigation.unregister("test-door")
    bar = page.xpath("//nav[@class='work-bar']")[0]
    assert bar.xpath("./div/ul/li/a[normalize-space()='A door']")


def test_work_of_a_secretary_is_under_headings_that_open_without_script(world: World):
    page = html.document_fromstring(world.client("secretary").get(reverse("members:member-list")).content.decode())
    for place in ("//nav[@class='work-bar']", "//details[@class='menu']"):
        current = page.xpath(f"{place}//summary[@aria-current]")
        assert [heading.text_content().strip() for heading in current] == ["People and dues"]
        assert current[0].getparent().xpath(".//a[@aria-current='page']/@href") == [reverse("members:member-list")]


def test_little_work_is_one_line_of_links(world: World):
    page = html.document_fromstring(world.client("contact").get("/about/").content.decode())
    bar = page.xpath("//nav[@class='work-bar']")[0]
    assert 0 < len(bar.xpath(".//a")) <= FLAT
    assert not bar.xpath(".//details")


@pytest.mark.parametrize("actor", ["author", "secretary", "outsider"])
def test_everybody_reaches_the_own_account(world: World, actor: str):
    page = html.document_fromstring(world.client(actor).get("/about/").content.decode())
    assert page.xpath(f"//div[@class='drop-panel']//a[@href='{reverse('accounts:overview')}']")


@pytest.mark.parametrize(("actor", "is_linked"), [("secretary", True), ("author", False), (None, False)])
def test_crumb_leads_to_a_list_only_whom_it_is_open_to(world: World, actor: str | None, is_linked: bool):
    request = RequestFactory().get("/about/")
    request.user = world.user(actor) if actor else AnonymousUser()
    crumbs = '{% crumb "People" "members:member-list" %}{% crumb "Home" "home:landing" %}{% crumb "Here" %}'
    page = html.fromstring(f"<ol>{Template(crumbs).render(RequestContext(request))}</ol>")
    assert page.xpath(".//a/@href") == ([reverse("members:member-list")] if is_linked else []) + ["/"]
    assert [step.text_content() for step in page.xpath("./li")] == ["People", "Home", "Here"]


def test_workbench_puts_first_what_has_something_overdue(world: World):
    today = timezone.localdate()

    def waits(code: str, days: int, order: int) -> WorkSource:
        item = WorkItem(code, "/", due_on=today + timedelta(days=days))
        return WorkSource(code, code, lambda user, on: WorkGroup([item], 1), order)

    sources = [waits("test-later", 1, -3), waits("test-today", 0, -2), waits("test-late", -1, 9999)]
    for source in sources:
        work_sources.register(source)
    try:
        entries = desk(world.user("peer"), on=today)
        page = html.document_fromstring(world.client("peer").get(reverse("home:workbench")).content.decode())
    finally:
        for source in sources:
            work_sources.unregister(source.code)
    lateness = [entry.is_late for entry in entries]
    assert lateness == sorted(lateness, reverse=True)
    codes = [entry.code for entry in entries]
    assert codes.index("test-late") < codes.index("test-later") < codes.index("test-today")
    assert {entry.code for entry in entries if entry.is_late} & {source.code for source in sources} == {"test-late"}
    assert page.xpath("//section[@class='desk-group']/@aria-labelledby") == [f"desk-{code}" for code in codes]
