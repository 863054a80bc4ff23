"""A fifth room plugs into navigation, workbench, search and audience without touching the other four."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audiences.models import Visibility
from portal.audiences.services import Circle, save_audience
from portal.extensions.registry import search_sources
from portal.search.services import reindex
from tests.fifth_room.models import Book
from tests.world import World


@pytest.fixture
def book(world: World) -> Book:
    audience = save_audience(Circle(organizations=[world.branch], standings=["activist"]))
    created = Book.objects.create(
        organization=world.branch,
        title="麒麟志",
        visibility=Visibility.AUDIENCE,
        audience=audience,
        lent_to=world.users["author"],
        back_on=timezone.localdate() + timedelta(days=2),
    )
    reindex(search_sources.get("book"))
    return created


@pytest.mark.parametrize(("actor", "seen"), [("author", True), ("peer", True), ("member", False), ("stranger", False)])
def test_fifth_room_keeps_to_its_audience_on_page_list_and_search(
    world: World, book: Book, actor: str, seen: bool
) -> None:
    client = world.client(actor)
    assert client.get(reverse("fifth_room:book", args=[book.pk])).status_code == (200 if seen else 404)
    assert (book.title in client.get(reverse("fifth_room:book-list")).content.decode()) == seen
    found = client.get(reverse("search:search"), {"q": "麒麟"}).context["page"].count
    assert found == int(seen)


def test_fifth_room_has_its_door_and_its_waiting_things(world: World, book: Book) -> None:
    page = world.client("author").get(reverse("home:workbench")).content.decode()
    assert f'href="{reverse("fifth_room:book-list")}"' in page
    assert f'href="{reverse("fifth_room:book", args=[book.pk])}"' in page
    assert "Books to return" in page
    assert "Books to return" not in world.client("peer").get(reverse("home:workbench")).content.decode()
