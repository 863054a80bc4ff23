"""Reads of the forum: boards with what is new, threads with unread marks, one page of posts."""

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.access.policy import scope, with_power
from portal.access.prepared import PreparedRows, ask_as, count_as
from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from .models import Board, BoardMark, Post, ReadMark, Subscription, Thread
from .rules import POSTS_PER_PAGE, may_still_change


def boards_for(user: AnyUser) -> list[Board]:
    """Return the boards ``user`` may read, each with ``has_new`` for those signed in."""
    return ask_as(user, _boards)


def _boards(user: AnyUser) -> QuerySet[Board]:
    boards = scope(user, "view", Board).select_related("organization")
    if not user.is_authenticated:
        return boards.annotate(has_new=Value(False))
    seen = BoardMark.objects.filter(user_id=user.pk, board=OuterRef("pk")).values("read_at")[:1]
    return boards.annotate(seen_at=Subquery(seen)).annotate(
        has_new=Case(
            When(last_post_at=None, then=Value(False)),
            When(Q(seen_at=None) | Q(last_post_at__gt=F("seen_at")), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


def boards_of(organization: Organization, user: AnyUser) -> list[Board]:
    """Return the boards that ``organization`` keeps and ``user`` may read."""
    return list(scope(user, "view", Board).filter(organization=organization).order_by("order", "pk"))


def board_to_write(user: AnyUser) -> QuerySet[Board]:
    """Return boards that know whether ``user`` may write in them."""
    return with_power(Board.objects.all(), user, "write")


def threads_of(board: Board, user: AnyUser) -> PreparedRows:
    """Return the threads of ``board`` that ``user`` may read, each with ``unread`` and ``read_to``."""
    return PreparedRows(user, _threads, board=board.pk)


def _threads(user: AnyUser, *, board: int) -> QuerySet[Thread]:
    threads = (
        scope(user, "view", Thread)
        .filter(board_id=board)
        .select_related("author", "last_poster")
        .only(
            "title", "board_id", "created_at", "last_post_at", "post_count", "is_pinned", "is_locked", "hidden_at",
            "author__name", "author__number", "last_poster__name", "last_poster__number",
        )
    )  # fmt: skip
    if not user.is_authenticated:
        return threads.annotate(unread=Value(False), read_to=Value(0))
    seen = BoardMark.objects.filter(user_id=user.pk, board_id=board).values("read_at")[:1]
    mark = ReadMark.objects.filter(user_id=user.pk, thread=OuterRef("pk")).values("number")[:1]
    return threads.annotate(seen_at=Subquery(seen), read_to=Coalesce(Subquery(mark), Value(0))).annotate(
        unread=Case(
            When(Q(seen_at__isnull=False) & Q(last_post_at__lte=F("seen_at")), then=Value(False)),
            When(post_count__gt=F("read_to"), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


def thread_to_reply(user: AnyUser) -> QuerySet[Thread]:
    """Return threads with their boards that know whether ``user`` may reply and whether the person follows them."""
    threads = with_power(Thread.objects.select_related("board"), user, "reply")
    return threads.annotate(follows=is_subscribed(user)) if user.is_authenticated else threads


def posts_on(thread: Thread, page: int, user: AnyUser) -> list[Post]:
    """Return the posts of one page in order, with ``may_change``; hidden ones are there for moderators alone.

    ``may_change`` only says whether to offer it; the page that changes a post asks the policy.
    """
    first = (page - 1) * POSTS_PER_PAGE + 1
    posts: list[Post] = ask_as(user, _posts, thread=thread.pk, first=first, beyond=first + POSTS_PER_PAGE)
    now = timezone.now()
    for post in posts:
        is_open = not (post.hidden_at or thread.hidden_at or thread.is_locked)
        post.may_change = is_open and post.author_id == user.pk and may_still_change(post.created_at, now)
    return posts


def _posts(user: AnyUser, *, thread: int, first: int, beyond: int) -> QuerySet[Post]:
    posts = scope(user, "view", Post).filter(thread_id=thread, number__gte=first, number__lt=beyond)
    return (
        posts.select_related("author")
        .only(
            "thread_id", "number", "body_html", "created_at", "edited_at", "hidden_at", "hidden_reason",
            "author__name", "author__number",
        )
        .order_by("number")
    )  # fmt: skip


def newest_threads(user: AnyUser, limit: int) -> list[Thread]:
    """Return the latest threads ``user`` may read, across boards."""
    readable = scope(user, "view", Thread).select_related("board", "last_poster")
    return list(readable.order_by("-last_post_at", "-pk")[:limit])


def is_subscribed(user: AnyUser) -> Exists:
    """Return the expression that tells whether ``user`` follows the thread of the row."""
    return Exists(Subscription.objects.filter(user_id=user.pk, thread=OuterRef("pk")))


def readable_post(thread: Thread, number: int, user: AnyUser) -> Post | None:
    """Return one post of ``thread`` by its number when ``user`` may read it."""
    return scope(user, "view", Post).filter(thread=thread, number=number).select_related("author").first()


def may_moderate(user: AnyUser, thread: Thread) -> bool:
    """Say whether ``user`` keeps order here; asked of the database only of those who moderate anywhere."""
    return rights_of(user).holds(Duty.MODERATE) and count_as(user, _moderated, thread=thread.pk) > 0


def _moderated(user: AnyUser, *, thread: int) -> QuerySet[Thread]:
    return scope(user, "moderate", Thread).filter(pk=thread)


def text_of(thread: Thread) -> str:
    """Return what of ``thread`` can be found: the words of its posts that are not hidden."""
    return " ".join(
        Post.objects.filter(thread=thread, hidden_at=None).order_by("number").values_list("body_html", flat=True)
    )
