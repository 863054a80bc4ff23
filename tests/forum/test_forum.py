"""The forum: who reads and writes where, unread marks, double clicks, moderation, constant queries."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from forum import queries, rules, services
from forum.models import Board, Post, ReadMark, Subscription, Thread
from portal.access.policy import may, scope
from portal.audiences.models import Visibility
from portal.notifications.models import Notice
from portal.web.refusals import RuleError
from tests.factories.rooms import make_board, make_threads
from tests.world import World

READERS = {
    Visibility.PUBLIC: {"visitor", "secretary", "neighbor", "author", "stranger", "moderator", "outsider", "committee"},
    Visibility.INTERNAL: {"secretary", "neighbor", "author", "stranger", "moderator", "outsider", "committee"},
    Visibility.AUDIENCE: {"secretary", "author", "moderator", "committee"},
}
ACTORS = ["visitor", "secretary", "neighbor", "author", "stranger", "moderator", "outsider", "committee"]


@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize("actor", ACTORS)
def test_board_and_its_threads_are_seen_by_their_readers_alone(world: World, visibility: str, actor: str) -> None:
    board = make_board(world.branch, by=world.user("secretary"), visibility=visibility)
    thread = services.start_thread(board, title="A title", body="Words", by=world.user("secretary"))
    client = world.client(actor)
    expected = 200 if actor in READERS[visibility] else 404
    for url in (reverse("forum:board", args=[board.slug]), reverse("forum:thread", args=[thread.pk])):
        assert client.get(url).status_code == expected
    listed = board.name in client.get(reverse("forum:board-list")).content.decode()
    assert listed == (actor in READERS[visibility])


def test_thread_create_and_reply_from_the_browser(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"), visibility=Visibility.AUDIENCE)
    author = world.client("author")
    url = reverse("forum:thread-create", args=[board.slug])
    assert author.get(url).status_code == 200
    answer = author.post(url, {"title": "Hello", "body": "**First**", "token": "a" * 32})
    thread = Thread.objects.get()
    assert answer.url == reverse("forum:thread", args=[thread.pk])
    peer = world.client("peer")
    reply = peer.post(reverse("forum:reply", args=[thread.pk]), {"body": "Second", "token": "b" * 32})
    assert reply.url.endswith("#post-2")
    page = peer.get(reverse("forum:thread", args=[thread.pk])).content.decode()
    assert "<strong>First</strong>" in page
    board.refresh_from_db()
    assert (board.thread_count, board.post_count) == (1, 2)


def test_reply_sent_twice_counts_once(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"), token="c" * 32)
    assert services.start_thread(board, title="T", body="B", by=world.user("author"), token="c" * 32) == thread
    client = world.client("peer")
    for _ in range(2):
        client.post(reverse("forum:reply", args=[thread.pk]), {"body": "Again", "token": "d" * 32})
    assert Post.objects.filter(thread=thread).count() == 2


def test_empty_reply_comes_back_with_words_and_changes_nothing(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    answer = world.client("peer").post(reverse("forum:reply", args=[thread.pk]), {"body": " "})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"body"}
    assert Post.objects.count() == 1


def test_reply_tells_followers_once_and_not_the_writer(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    services.reply(thread, body="R", by=world.user("peer"))
    told = Notice.objects.filter(message__kind="thread_replied").values_list("recipient__name", flat=True)
    assert list(told) == ["Author"]
    services.subscribe(thread, by=world.user("author"), wanted=False)
    services.reply(thread, body="R2", by=world.user("peer"))
    assert Notice.objects.filter(message__kind="thread_replied").count() == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"is_locked": True}, "This thread takes no more replies."),
        ({"hidden_at": timezone.now()}, "This thread takes no more replies."),
    ],
)
def test_reply_to_a_closed_thread_is_refused(world: World, state: dict, words: str) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    Thread.objects.filter(pk=thread.pk).update(**state)
    with pytest.raises(RuleError, match=words):
        services.reply(thread, body="R", by=world.user("peer"))
    assert Post.objects.count() == 1


def test_unread_marks_follow_reading_and_never_go_back(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    peer = world.user("peer")
    assert queries.threads_of(board, peer).queryset().get().unread is True
    client = world.client("peer")
    client.get(reverse("forum:thread", args=[thread.pk]))
    assert ReadMark.objects.filter(user=peer).count() == 0
    assert client.post(reverse("forum:thread-read", args=[thread.pk]), {"number": "1"}).status_code == 204
    assert queries.threads_of(board, peer).queryset().get().unread is False
    services.reply(thread, body="R", by=world.user("author"))
    assert queries.threads_of(board, peer).queryset().get().unread is True
    client.post(reverse("forum:board-read", args=[board.slug]))
    assert queries.threads_of(board, peer).queryset().get().unread is False
    thread.refresh_from_db()
    services.mark_read(thread, number=2, by=peer)
    services.mark_read(thread, number=1, by=peer)
    assert ReadMark.objects.get(user=peer).number == 2


@pytest.mark.parametrize("number", ["", "x", "-1", "99999999999999999999", "１"])
def test_read_mark_of_no_number_is_refused(world: World, number: str) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    answer = world.client("peer").post(reverse("forum:thread-read", args=[thread.pk]), {"number": number})
    assert answer.status_code == 404


def test_post_edit_is_the_authors_and_only_for_a_while(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    post = thread.posts.get()
    url = reverse("forum:post-edit", args=[post.pk])
    assert world.client("author").post(url, {"body": "Changed"}).status_code == 302
    assert world.client("peer").get(url).status_code == 403
    post.refresh_from_db()
    assert (post.body, post.edited_at is not None) == ("Changed", True)
    Post.objects.update(created_at=timezone.now() - timezone.timedelta(minutes=rules.EDITABLE_MINUTES + 1))
    assert world.client("author").get(url).status_code == 403


@pytest.mark.parametrize(
    ("actor", "expected"),
    [("secretary", 302), ("committee", 302), ("moderator", 302), ("author", 403), ("neighbor", 403)],
)
def test_hiding_a_post_is_the_moderators_of_its_node(world: World, actor: str, expected: int) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="Secret words", by=world.user("author"))
    post = thread.posts.get()
    answer = world.client(actor).post(reverse("forum:post-hide", args=[post.pk]), {"reason": "Off topic"})
    assert answer.status_code == expected
    seen = "Secret words" in world.client("peer").get(reverse("forum:thread", args=[thread.pk])).content.decode()
    assert seen == (expected == 403)


def test_hidden_thread_is_gone_for_readers_and_there_for_moderators(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    url = reverse("forum:thread-moderate", args=[thread.pk])
    world.client("secretary").post(url, {"verb": "hide", "reason": "Because"})
    assert world.client("author").get(reverse("forum:thread", args=[thread.pk])).status_code == 404
    assert world.client("secretary").get(reverse("forum:thread", args=[thread.pk])).status_code == 200


@pytest.mark.parametrize("rows", [3, 20])
@pytest.mark.parametrize(("actor", "expected"), [("visitor", 2), ("author", 6)])
def test_thread_list_asks_the_same_queries_whatever_the_rows(
    world: World, django_assert_num_queries, rows: int, actor: str, expected: int
) -> None:
    board = make_board(world.branch, by=world.user("secretary"), visibility=Visibility.PUBLIC)
    make_threads(board, rows, by=world.user("peer"))
    client = world.client(actor)
    client.get(reverse("forum:board", args=[board.slug]))
    with django_assert_num_queries(expected):
        assert client.get(reverse("forum:board", args=[board.slug])).status_code == 200


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize(("actor", "expected"), [("visitor", 2), ("author", 6)])
def test_thread_asks_the_same_queries_whatever_the_posts(
    world: World, django_assert_num_queries, rows: int, actor: str, expected: int
) -> None:
    board = make_board(world.branch, by=world.user("secretary"), visibility=Visibility.PUBLIC)
    thread = make_threads(board, 1, by=world.user("peer"), posts=rows)[0]
    client = world.client(actor)
    client.get(reverse("forum:thread", args=[thread.pk]))
    with django_assert_num_queries(expected):
        assert client.get(reverse("forum:thread", args=[thread.pk])).status_code == 200


@pytest.mark.parametrize("page", ["2", "0", "-3", "x", "10" * 9, ""])
def test_thread_pages_hold_twenty_posts_and_bad_numbers_lead_to_one(world: World, page: str) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = make_threads(board, 1, by=world.user("peer"), posts=25)[0]
    answer = world.client("author").get(reverse("forum:thread", args=[thread.pk]), {"page": page})
    assert answer.status_code == 200
    assert len(answer.context["posts"]) == (5 if page == "2" else 20)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("# Big", "<h3>Big</h3>\n"),
        (
            "![x](https://example.org/x.png)",
            '<p>!<a href="https://example.org/x.png" rel="nofollow noopener noreferrer ugc">x</a></p>\n',
        ),
        ("a\nb", "<p>a<br>\nb</p>\n"),
    ],
)
def test_rendered_posts_hold_nothing_live(body: str, html: str) -> None:
    assert rules.render(body) == html


def test_constraints_hold_without_the_services(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    services.reply(thread, body="R", by=world.user("peer"))
    for rows, change in (
        (Post.objects.filter(number=2), {"number": 1}),
        (Post.objects.filter(number=2), {"number": 0}),
        (Thread.objects.all(), {"last_post_at": thread.created_at - timezone.timedelta(days=1)}),
        (Board.objects.all(), {"visibility": "audience"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_scope_and_may_agree_for_threads(world: World) -> None:
    for visibility in Visibility:
        board = make_board(world.branch, by=world.user("secretary"), visibility=visibility)
        services.start_thread(board, title="T", body="B", by=world.user("author"))
    for actor in ACTORS[1:]:
        for action in ("view", "reply", "moderate", "nonsense"):
            user = world.user(actor)
            allowed = {thread.pk for thread in Thread.objects.all() if may(user, action, thread)}
            assert set(scope(user, action, Thread).values_list("pk", flat=True)) == allowed


def test_follow_begins_with_writing(world: World) -> None:
    board = make_board(world.branch, by=world.user("secretary"))
    thread = services.start_thread(board, title="T", body="B", by=world.user("author"))
    assert list(Subscription.objects.values_list("user__name", "thread")) == [("Author", thread.pk)]
