"""Ways out of a space: upwards, to one's other homes, through many documents; and what a post leaves of its words."""

import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.audit.models import AuditEntry
from portal.files.services import store
from portal.organizations.duties import Post
from portal.organizations.services import appoint
from portal.spaces import services
from portal.spaces.models import Reach, SpaceDocument, SpacePost
from portal.spaces.services import Written
from tests.portal.files.samples import picture, upload

pytestmark = pytest.mark.django_db


def space(world, name: str, node, tab: str = "space-detail", query: str = "") -> str:
    return world.client(name).get(reverse(f"spaces:{tab}", args=[node.pk]) + query).content.decode()


def address(node) -> str:
    return f'href="{reverse("spaces:space-detail", args=[node.pk])}"'


def test_a_space_leads_to_those_above_it_in_their_order(world):
    page = space(world, "author", world.branch)
    crumbs = page[page.index("breadcrumb") : page.index("</nav>", page.index("breadcrumb"))]
    assert crumbs.index(address(world.root)) < crumbs.index(address(world.unit)) < crumbs.index(address(world.branch))
    assert address(world.sibling) not in page


def test_whoever_belongs_to_several_finds_the_others(world):
    appoint(world.users["secretary"], world.sibling, Post.DEPUTY_SECRETARY, on=world.since, by=None)
    page = space(world, "secretary", world.branch)
    assert "Also mine:" in page
    assert address(world.sibling) in page
    assert address(world.branch) in space(world, "secretary", world.sibling)
    assert "Also mine:" not in space(world, "author", world.branch)


def keep(world, number: int, category: str) -> None:
    for count in range(number):
        file = store(upload("plan.txt", b"Our plan"), kind="attachment", by=world.user("secretary"))
        services.keep_document(
            world.branch, file, title=f"{category or 'Loose'} {count}", category=category, by=world.user("secretary")
        )


def counted(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_documents_of_many_years_stand_on_pages_by_category(world, monkeypatch):
    monkeypatch.setattr(sys.modules["portal.spaces.views.documents"], "SHOWN", 4)
    keep(world, 1, "")
    keep(world, 2, "Plans")
    client, url = world.client("author"), reverse("spaces:documents", args=[world.branch.pk])
    few = counted(client, url)
    keep(world, 4, "Lists")
    assert counted(client, url) == few == 9
    pages = [client.get(f"{url}?page={page}").context["groups"] for page in (1, 2)]
    shown = [[row.title for row in rows] for groups in pages for _category, rows in groups]
    assert shown == [["Lists 3", "Lists 2", "Lists 1", "Lists 0"], ["Plans 1", "Plans 0"], ["Loose 0"]]
    one = client.get(f"{url}?category=Plans")
    assert [category for category, _rows in one.context["groups"]] == ["Plans"]
    assert len(client.get(f"{url}?category=").context["groups"]) == 1
    assert client.get(f"{url}?category=<script>").context["category"] is None


def test_a_category_of_hidden_documents_is_named_to_nobody_else(world):
    keep(world, 1, "Secret plans")
    keep(world, 1, "Plans")
    SpaceDocument.objects.filter(category="Plans").update(visibility=Reach.INTERNAL)
    assert "Secret plans" in space(world, "author", world.branch, "documents")
    assert "Secret plans" not in space(world, "stranger", world.branch, "documents")


def test_what_is_shown_in_pictures_is_kept_and_read_with_them(world):
    file = store(upload("a.jpg", picture()), kind="image", by=world.user("author"))
    by = world.user("author")
    post = services.write_post(world.branch, Written("Look", (file,), spoken="Ten people on a hill"), by=by)
    assert post.spoken == "Ten people on a hill"
    page = space(world, "peer", world.branch)
    assert f'aria-describedby="spoken-{post.pk}"' in page
    assert services.write_post(world.branch, Written("Words", spoken="Nothing to see"), by=by).spoken == ""


def test_a_change_of_reach_is_in_the_trail(world):
    by = world.user("author")
    post = services.write_post(world.branch, Written("Words"), by=by)
    services.change_post(post, Written("Words", visibility=Reach.INTERNAL), by=by, version=1)
    entry = AuditEntry.objects.get(verb="spaces.post_changed")
    assert entry.changes == {"visibility": ["space", "internal"]}


def test_films_of_a_stream_are_loaded_when_somebody_plays_them(world):
    movie = b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  \x00\x00\x00\x08wide" + b"\x00" * 64
    film = store(upload("a.mov", movie), kind="video", by=world.user("author"))
    services.write_post(world.branch, Written("Film", video=film), by=world.user("author"))
    assert 'preload="none" src="/files/' in space(world, "peer", world.branch)
    page = world.client("peer").get(SpacePost.objects.get().get_absolute_url()).content.decode()
    assert 'preload="metadata" src="/files/' in page
