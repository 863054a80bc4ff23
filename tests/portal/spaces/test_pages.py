"""The other tabs of a space: people, calendar, documents, record, what lies below."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.access.policy import may
from portal.extensions.registry import (
    CalendarItem,
    CalendarSource,
    Light,
    LightSource,
    RecordBlock,
    RecordSource,
    Registry,
    SpaceTab,
    TimelineEntry,
    calendar_sources,
    record_sources,
    space_tabs,
)
from portal.files.models import StoredFile
from portal.files.services import store
from portal.organizations.models import OrganizationType, Standing
from portal.organizations.services import create_organization
from portal.spaces import services
from portal.spaces.models import Reach, SpaceDocument, StreamEntry
from portal.spaces.queries import month_from, year_from
from tests.factories.people import make_member
from tests.portal.files.samples import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    """Register sources of a room for one test."""
    kept = []

    def register(registry, entry):
        kept.append((registry, registry.register(entry).code))

    yield register
    for registry, code in kept:
        registry.unregister(code)


def page(world, name: str, tab: str, node=None, query: str = ""):
    return world.client(name).get(reverse(f"spaces:{tab}", args=[(node or world.branch).pk]) + query)


def test_names_are_for_those_who_may_see_people(world):
    seen = page(world, "secretary", "people").content.decode()
    assert world.users["applicant"].name in seen
    plain = page(world, "author", "people").content.decode()
    assert world.users["secretary"].name in plain  # posts are known to all
    assert world.users["applicant"].name not in plain
    assert world.users["applicant"].name not in page(world, "neighbor", "people").content.decode()


def test_the_calendar_draws_what_rooms_hold_of_the_month(world, source):
    asked = []

    def find(node, reader, first, last):
        asked.append((node.pk, first, last))
        yield CalendarItem(date(2026, 2, 11), "Branch congress", "/x/", note="Room 3")
        yield CalendarItem(date(2026, 2, 1), "First", "/y/")

    source(calendar_sources, CalendarSource("test", "Test", find))
    shown = page(world, "author", "calendar", query="?month=2026-02")
    month = shown.context["month"]
    assert asked == [(world.branch.pk, date(2026, 1, 26), date(2026, 3, 1))]
    assert [day.on for day in month.days] == [date(2026, 2, 1), date(2026, 2, 11)]
    assert (month.previous, month.following) == (date(2026, 1, 1), date(2026, 3, 1))
    assert "Branch congress" in shown.content.decode()


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("2028-02", date(2028, 2, 1)), ("2026-12", date(2026, 12, 1)), ("2026-13", date(2026, 7, 1)),
        ("1999-12", date(2026, 7, 1)), ("2026", date(2026, 7, 1)), ("９９９９-01", date(2026, 7, 1)),
        ("2026-1_0", date(2026, 7, 1)), ("", date(2026, 7, 1)),
    ],
)  # fmt: skip
def test_a_month_of_the_address_is_read_or_is_this_one(words, month):
    assert month_from(words, date(2026, 7, 31)) == month


@pytest.mark.parametrize(("words", "year"), [("2025", 2025), ("1999", 2026), ("abcd", 2026), ("20255", 2026)])
def test_a_year_of_the_address_is_read_or_is_this_one(words, year):
    assert year_from(words, date(2026, 7, 31)) == year


@pytest.mark.parametrize("day", ["2028-02-29", "2026-12-31", "2026-01-01"])
def test_every_page_opens_on_every_day(world, time_machine, day):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    time_machine.move_to(datetime.fromisoformat(f"{day}T00:30:00").replace(tzinfo=ZoneInfo("Asia/Shanghai")))
    client = world.client("secretary")
    for tab in ("space-detail", "people", "calendar", "documents", "boards", "record", "below"):
        assert client.get(reverse(f"spaces:{tab}", args=[world.branch.pk])).status_code == 200, tab


def test_the_record_draws_the_blocks_of_the_rooms_that_have_one(world, source):
    def find(node, reader, year):
        entry = TimelineEntry(date(year, 3, 1), "Party lecture", "/lecture/")
        return RecordBlock(figures=(("Meetings held", 7, "/held/"),), entries=(entry,), more_url="/all/")

    source(record_sources, RecordSource("test.held", "Meetings", find))
    source(record_sources, RecordSource("test.none", "Nothing", lambda node, reader, year: None))
    shown = page(world, "author", "record", query="?year=2025")
    words = shown.content.decode()
    assert [found.code for found, _block in shown.context["records"] if found.code.startswith("test")] == ["test.held"]
    assert "Party lecture" in words
    assert 'href="/held/"' in words


def test_a_tab_of_a_room_stands_beside_the_own_ones(world, source):
    source(space_tabs, SpaceTab("test", "Minutes", lambda node, rights: f"/minutes/{node.pk}/" if rights.posts else ""))
    assert f"/minutes/{world.branch.pk}/" in page(world, "secretary", "people").content.decode()
    assert f"/minutes/{world.branch.pk}/" not in page(world, "author", "people").content.decode()


def test_children_are_shown_at_a_glance_at_a_constant_cost(world, monkeypatch, told):
    def lights(nodes, reader, today):
        return {node.pk: Light("Overdue", "danger", "/due/") for node in nodes if node.pk == world.branch.pk}

    # The lights of the rooms cost what they cost; here is counted what the page itself asks.
    own = Registry()
    own.register(LightSource("test", "Due", lights))
    monkeypatch.setattr("portal.spaces.queries.people.space_lights", own)
    told(node=world.branch)
    client, url = world.client("college"), reverse("spaces:below", args=[world.unit.pk])

    def counted() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        return len(caught)

    few = counted()
    for number in range(10):
        node = create_organization(
            parent=world.unit, by=None, name=f"New {number}", code=f"new-{number}", org_type=OrganizationType.BRANCH,
            established_on=world.since,
        )  # fmt: skip
        make_member(node, Standing.FULL_MEMBER)
    assert counted() == few == 9
    children = {child.node.code: child for child in client.get(url).context["children"]}
    assert (children["new-3"].people, children["branch"].lights[0][1].words) == (1, "Overdue")
    assert children["branch"].last_at is not None
    assert {child.people for child in page(world, "author", "below", world.unit).context["children"]} == {None}


def keep(world, **more) -> SpaceDocument:
    file = store(upload("plan.txt", b"Our plan"), kind="attachment", by=world.user("secretary"))
    return services.keep_document(world.branch, file, title="Plan", by=world.user("secretary"), **more)


def test_a_document_and_its_file_are_for_the_same_people(world):
    row = keep(world, category="Plans")
    for name, seen in {"author": True, "secretary": True, "stranger": False, "outsider": False}.items():
        assert may(world.user(name), "view", row) is seen
        assert may(world.user(name), "view", row.file) is seen
        assert (world.client(name).get(row.file.get_absolute_url()).status_code == 200) is seen
    assert "Plans" in page(world, "author", "documents").content.decode()
    assert "Plan</span>" not in page(world, "stranger", "documents").content.decode()


def test_documents_are_put_in_changed_and_taken_away(world):
    client = world.client("secretary")
    url = reverse("spaces:document-create", args=[world.branch.pk])
    assert client.post(url, {"title": "Plan", "visibility": "space"}).context["form"].errors["file"]
    sent = {"title": "Plan", "visibility": "space", "category": "Plans", "file": upload("plan.txt", b"Our plan")}
    assert client.post(url, sent).status_code == 302
    row = SpaceDocument.objects.get()
    assert StreamEntry.objects.get().title == "Plan"
    edit = reverse("spaces:document-edit", args=[row.pk])
    assert client.post(edit, {"title": "New plan", "visibility": "internal"}).status_code == 302
    entry = StreamEntry.objects.get()
    assert (entry.title, entry.visibility) == ("New plan", "internal")
    remove = reverse("spaces:document-remove", args=[row.pk])
    assert client.get(remove).status_code == 200
    assert SpaceDocument.objects.exists()
    assert client.post(remove).status_code == 302
    assert not (SpaceDocument.objects.exists() or StreamEntry.objects.exists() or StoredFile.objects.exists())


def test_a_public_document_needs_the_right_to_publish(world):
    with pytest.raises(ValidationError):
        file = store(upload("plan.txt", b"Our plan"), kind="attachment", by=None)
        services.keep_document(
            world.branch, file, title="Plan", visibility=Reach.PUBLIC, by=world.user("moderator")
        )


def test_both_pages_of_a_node_lead_to_each_other(world):
    about = reverse("organizations:organization-detail", args=[world.branch.pk])
    home = reverse("spaces:space-detail", args=[world.branch.pk])
    assert f'href="{about}"' in world.client("author").get(home).content.decode()
    assert f'href="{home}"' in world.client("author").get(about).content.decode()
