"""The search: two characters are found on both databases, and nobody finds what they may not view."""

import pytest
from django.urls import reverse

from forum.services import hide_post, start_thread
from portal.audiences.models import Visibility
from portal.extensions.registry import search_sources
from portal.search.grams import phrases, tokens
from portal.search.models import SearchEntry
from portal.search.services import index, reindex, search
from tests.factories.rooms import make_board
from tests.world import World


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("积极", True),
        ("入党积极分子", True),
        ("积分", False),
        ("培养", True),
        ("党", True),
        ("子", True),
        ("Party", True),
        ("party school", True),
        ("ＰＡＲＴＹ", True),
        ("school party 积极", True),
        ("absent", False),
        ("积极 absent", False),
        ("' OR 1=1 --", False),
        ('"*:&|!()', False),
        ("", False),
    ],
)
def test_search_finds_words_of_any_length(world: World, words: str, found: bool) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = start_thread(board, title="谈培养入党积极分子", body="The Party School", by=world.user("author"))
    index(search_sources.get("thread"), [thread.pk])
    assert search(world.user("author"), words).count == int(found)


@pytest.mark.parametrize(
    ("actor", "hits"),
    [("author", 1), ("secretary", 1), ("stranger", 0), ("neighbor", 0), ("outsider", 0), ("visitor", 0)],
)
def test_search_tells_nothing_of_other_branches(world: World, actor: str, hits: int) -> None:
    board = make_board(world.branch, by=world.user("secretary"), visibility=Visibility.AUDIENCE)
    thread = start_thread(board, title="独角兽", body="words", by=world.user("author"))
    index(search_sources.get("thread"), [thread.pk])
    answer = world.client(actor).get(reverse("search:search"), {"q": "独角兽"})
    assert answer.context["page"].count == hits


def test_search_leaves_out_what_was_hidden_or_removed(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = start_thread(board, title="Title", body="独角兽", by=world.user("author"))
    source = search_sources.get("thread")
    index(source, [thread.pk])
    hide_post(thread.posts.get(), reason="r", by=world.user("secretary"))
    index(source, [thread.pk])
    assert search(world.user("author"), "独角兽").count == 0
    index(source, [thread.pk + 1])
    assert SearchEntry.objects.filter(object_id=thread.pk + 1).count() == 0


def test_search_marks_what_it_found_and_escapes_the_rest(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    start_thread(board, title="<b>积极</b>", body="x", by=world.user("author"))
    reindex(search_sources.get("thread"))
    page = world.client("author").get(reverse("search:search"), {"q": "积极"}).content.decode()
    assert "&lt;b&gt;<mark>积极</mark>&lt;/b&gt;" in page


def test_search_shows_a_text_as_it_is_read_and_not_as_it_was_typed(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    body = "## 学习\n\n**重点** R&D [章程](https://example.edu)"
    start_thread(board, title="Plan", body=body, by=world.user("author"))
    reindex(search_sources.get("thread"))
    assert SearchEntry.objects.get(source="thread").text == "学习 重点 R&D 章程"
    assert search(world.user("author"), "章程").count == 1


def test_touch_indexes_once_the_transaction_commits(world: World, django_capture_on_commit_callbacks, settings) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    from portal.celery import app

    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            board = make_board(world.branch, by=world.user("secretary"))
            start_thread(board, title="麒麟", body="x", by=world.user("author"))
    finally:
        app.conf.task_always_eager = False
    assert search(world.user("author"), "麒麟").count == 1


@pytest.mark.parametrize(
    "query", [{"q": "x", "page": "10" * 8}, {"q": "x", "page": "-1"}, {"q": "长" * 90}, {"kind": "no"}]
)
def test_search_page_answers_strange_addresses(world: World, query: dict) -> None:
    assert world.client("author").get(reverse("search:search"), query).status_code == 200


def test_tokens_are_overlapping_pairs_in_ascii() -> None:
    assert tokens("积极A1") == ["x079ef06781", "x06781", "a1"]
    assert phrases("积极") == [["x079ef06781"]]
    assert phrases("积") == [["x079ef*"]]
