"""News, threads and showcased texts in the stream of their node: for their own readers, as long as they are there."""

import pytest
from django.contrib.auth.models import AnonymousUser

from forum.services import moderate_thread, save_board, start_thread
from news.models import Column
from news.services import Text, keep_column, publish, withdraw, write_article
from portal.access.policy import may
from portal.audiences.models import Visibility
from portal.audiences.services import Circle, save_audience
from portal.spaces.models import StreamEntry
from tests.factories.rooms import make_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def column(db) -> Column:
    return Column.objects.get_or_create(slug="notices", defaults={"name": "Notices"})[0]


def written(world, column, visibility=Visibility.PUBLIC):
    circle = Circle(organizations=[world.sibling]) if visibility == Visibility.AUDIENCE else Circle()
    text = Text(column, world.branch, "Spring", body="<p>Words</p>", visibility=visibility, circle=circle)
    return write_article(text, by=None)


def test_an_article_is_told_when_it_is_published_and_gone_when_it_is_withdrawn(world, column):
    article = written(world, column)
    assert not StreamEntry.objects.exists()
    publish(article, by=None)
    entry = StreamEntry.objects.get()
    assert (entry.organization, entry.title, entry.url) == (world.branch, "Spring", article.get_absolute_url())
    assert may(AnonymousUser(), "view", entry)
    withdraw(article, by=None)
    assert not StreamEntry.objects.exists()


def test_an_article_for_an_audience_is_told_to_that_audience(world, column):
    publish(written(world, column, Visibility.AUDIENCE), by=None)
    entry = StreamEntry.objects.get()
    assert may(world.user("stranger"), "view", entry)
    assert not may(world.user("author"), "view", entry)


def test_the_stream_follows_the_column(world, column):
    publish(written(world, column), by=None)
    column.visibility = Visibility.INTERNAL
    keep_column(column, by=None)
    entry = StreamEntry.objects.get()
    assert not may(AnonymousUser(), "view", entry)
    assert may(world.user("outsider"), "view", entry)
    column.is_open = False
    keep_column(column, by=None)
    assert not StreamEntry.objects.exists()
    column.is_open, column.visibility = True, Visibility.PUBLIC
    keep_column(column, by=None)
    assert may(AnonymousUser(), "view", StreamEntry.objects.get())


def test_a_thread_is_told_to_the_readers_of_its_board_and_follows_it(world):
    by = world.user("secretary")
    board = make_board(world.branch, by=by, visibility=Visibility.AUDIENCE)
    thread = start_thread(board, title="Who comes?", body="Words", by=world.user("author"))
    entry = StreamEntry.objects.get()
    assert may(world.user("peer"), "view", entry)
    assert not may(world.user("stranger"), "view", entry)
    board.audience = save_audience(Circle(organizations=[world.sibling]))
    save_board(board, by=by)
    assert may(world.user("stranger"), "view", StreamEntry.objects.get())
    board.visibility = Visibility.INTERNAL
    save_board(board, by=by)
    assert may(world.user("outsider"), "view", StreamEntry.objects.get())
    moderate_thread(thread, verb="hide", reason="Off topic", by=by)
    assert not StreamEntry.objects.exists()
    moderate_thread(thread, verb="restore", reason="Mistake", by=by)
    assert StreamEntry.objects.get().title == "Who comes?"


def test_a_board_stands_in_the_space_of_its_node_for_its_readers(world):
    board = make_board(world.branch, by=world.user("secretary"), visibility=Visibility.AUDIENCE)

    def shown(name: str) -> list[str]:
        page = world.client(name).get(f"/spaces/{world.branch.pk}/boards/")
        return [link.title for group in page.context["groups"] for link in group.links]

    assert shown("author") == [board.name]
    assert shown("stranger") == []
