"""What stands beside the stream: what comes, who leads, how the node stands, as far as the reader may know it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.meetings.services import plan
from portal.extensions.registry import CalendarItem, CalendarSource, calendar_sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming():
    """Let a room hold days of the reader's choice in every calendar."""
    items: list[CalendarItem] = []
    source = CalendarSource("test.glance", "Test", lambda node, reader, first, last: items, order=1)
    calendar_sources.register(source)
    yield items
    calendar_sources.unregister(source.code)


def beside(world, name: str, node=None):
    return world.client(name).get(reverse("spaces:glance", args=[(node or world.branch).pk]))


def test_the_next_days_stand_in_their_order_and_only_a_few(world, coming):
    today = timezone.localdate()
    coming += [CalendarItem(today + timedelta(days=number), f"Matter {number}") for number in (9, 3, 7, 0, 5, 8)]
    shown = beside(world, "author").context["glance"]
    assert [item.title for item in shown.coming] == [f"Matter {number}" for number in (0, 3, 5, 7, 8)]
    assert world.users["secretary"].name in beside(world, "author").content.decode()


def test_meetings_and_lights_are_for_those_who_see_them(world):
    begins = timezone.now() + timedelta(days=3)
    plan(
        world.branch, kinds=["branch_congress"], title="Autumn congress", planned_at=begins,
        planned_until=begins + timedelta(hours=1), chair=world.user("secretary"), recorder=world.user("contact"),
        agenda=[], by=world.user("secretary"), at=timezone.now(),
    )  # fmt: skip
    own, other = beside(world, "secretary"), beside(world, "stranger")
    assert "Autumn congress" in own.content.decode()
    assert own.context["glance"].lights
    assert "Autumn congress" not in other.content.decode()
    assert other.context["glance"].lights == []


def test_it_costs_the_same_for_few_and_many_days(world, coming):
    def cost() -> int:
        client = world.client("secretary")
        address = reverse("spaces:glance", args=[world.branch.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = cost()
    today = timezone.localdate()
    coming += [CalendarItem(today, f"Matter {number}") for number in range(60)]
    assert cost() == few <= 20


def test_the_stream_leaves_it_to_a_request_of_its_own(world):
    page = world.client("author").get(reverse("spaces:space-detail", args=[world.branch.pk])).content.decode()
    assert f'data-glance="{reverse("spaces:glance", args=[world.branch.pk])}"' in page
    assert "glance-coming" not in page
