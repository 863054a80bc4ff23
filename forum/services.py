"""Verbs of the forum: start a thread, reply, edit, keep read marks, moderate."""

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audiences.models import Visibility
from portal.audit.services import record
from portal.notifications.services import post as post_notice
from portal.search.services import touch
from portal.spaces.services import readdress, tell, untell
from portal.web.refusals import RuleError

from . import rules
from .models import Board, BoardMark, Post, ReadMark, Subscription, Thread

STREAM_KIND = "forum.thread"


@transaction.atomic
def start_thread(board: Board, *, title: str, body: str, by: User, token: str = "") -> Thread:
    """Open a thread with its first post; the same ``token`` from the same person gives the same thread again."""
    board = Board.objects.select_for_update().get(pk=board.pk)
    if token and (earlier := Thread.objects.filter(author=by, token=token).first()):
        return earlier
    if not board.is_open:
        raise RuleError(_("This board takes no new threads."))
    now = timezone.now()
    thread = Thread.objects.create(
        board=board, title=title, author=by, last_poster=by, created_at=now, last_post_at=now, post_count=1, token=token
    )
    Post.objects.create(
        thread=thread, number=1, author=by, body=body, body_html=rules.render(body), created_at=now, token=token
    )
    Board.objects.filter(pk=board.pk).update(
        thread_count=F("thread_count") + 1, post_count=F("post_count") + 1, last_post_at=now
    )
    _follow(thread, by, number=1)
    record("forum.thread_started", thread, by=by)
    touch(thread)
    tell_stream(thread)
    return thread


def tell_stream(thread: Thread) -> None:
    """Let the stream of the board's organization say that the thread is there, to those who may read the board."""
    board = thread.board
    if thread.hidden_at:
        untell(_key_of(thread.pk))
        return
    tell(
        board.organization, kind=STREAM_KIND, key=_key_of(thread.pk), title=thread.title, words=board.name,
        url=reverse("forum:thread", args=[thread.pk]), at=thread.created_at, by=thread.author,
        visibility=board.visibility, audience=board.audience if board.visibility == Visibility.AUDIENCE else None,
    )  # fmt: skip


def _key_of(thread_id: int) -> str:
    return f"{STREAM_KIND}:{thread_id}"


@transaction.atomic
def reply(thread: Thread, *, body: str, by: User, token: str = "") -> Post:
    """Add a post; the same ``token`` from the same person gives the same post again."""
    thread = Thread.objects.select_for_update().select_related("board").get(pk=thread.pk)
    if token and (earlier := Post.objects.filter(author=by, token=token).first()):
        return earlier
    if thread.is_locked or thread.hidden_at or not thread.board.is_open:
        raise RuleError(_("This thread takes no more replies."))
    now = timezone.now()
    number = thread.post_count + 1
    created = Post.objects.create(
        thread=thread, number=number, author=by, body=body, body_html=rules.render(body), created_at=now, token=token
    )
    Thread.objects.filter(pk=thread.pk).update(post_count=number, last_post_at=now, last_poster=by)
    Board.objects.filter(pk=thread.board_id).update(post_count=F("post_count") + 1, last_post_at=now)
    _follow(thread, by, number=number)
    record("forum.replied", created, by=by)
    post_notice(
        "thread_replied",
        key=f"forum.thread.{thread.pk}.{number}",
        recipients=User.objects.filter(
            is_active=True, pk__in=Subscription.objects.filter(thread=thread).exclude(user=by).values("user_id")
        ),
        params={"title": thread.title, "name": str(by)},
        url=post_url(thread.pk, number),
    )
    touch(thread)
    return created


@transaction.atomic
def edit_post(post: Post, *, body: str, by: User) -> Post:
    """Change one's own words while the rules still allow it."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.hidden_at:
        raise RuleError(_("A moderator has hidden this post."))
    if post.body == body:
        return post
    before = post.body
    post.body, post.body_html, post.edited_at = body, rules.render(body), timezone.now()
    post.save(update_fields=["body", "body_html", "edited_at"])
    record("forum.post_edited", post, by=by, changes={"body": [before, body]})
    touch(post.thread)
    return post


@transaction.atomic
def moderate_thread(thread: Thread, *, verb: str, reason: str, by: User) -> Thread:
    """Lock, unlock, pin, unpin, hide or restore a thread; doing it again changes nothing."""
    changes = {
        "lock": {"is_locked": True},
        "unlock": {"is_locked": False},
        "pin": {"is_pinned": True},
        "unpin": {"is_pinned": False},
        "hide": {"hidden_at": timezone.now()},
        "restore": {"hidden_at": None},
    }.get(verb)
    if changes is None:
        raise RuleError(_("Unknown act of moderation."))
    thread = Thread.objects.select_for_update().get(pk=thread.pk)
    field, value = next(iter(changes.items()))
    if bool(getattr(thread, field)) == bool(value):
        return thread
    before = getattr(thread, field)
    setattr(thread, field, value)
    thread.save(update_fields=[field])
    record(f"forum.thread_{verb}", thread, by=by, reason=reason, changes={field: [str(before or ""), str(value or "")]})
    touch(thread)
    if field == "hidden_at":
        tell_stream(thread)
    return thread


@transaction.atomic
def hide_post(post: Post, *, reason: str, by: User) -> Post:
    """Hide a post with a reason that its author can read."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.hidden_at:
        return post
    post.hidden_at, post.hidden_reason = timezone.now(), reason
    post.save(update_fields=["hidden_at", "hidden_reason"])
    record("forum.post_hidden", post, by=by, reason=reason)
    post_notice(
        "post_hidden",
        key=f"forum.post_hidden.{post.pk}",
        recipients=[post.author_id],
        params={"title": post.thread.title, "reason": reason},
        url=post_url(post.thread_id, post.number),
    )
    touch(post.thread)
    return post


@transaction.atomic
def restore_post(post: Post, *, reason: str, by: User) -> Post:
    """Show a hidden post again."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.hidden_at:
        post.hidden_at, post.hidden_reason = None, ""
        post.save(update_fields=["hidden_at", "hidden_reason"])
        record("forum.post_restored", post, by=by, reason=reason)
        touch(post.thread)
    return post


def mark_read(thread: Thread, *, number: int, by: User) -> None:
    """Remember that ``by`` has read up to post ``number``; never backwards."""
    number = min(number, thread.post_count)
    if not ReadMark.objects.filter(user=by, thread=thread, number__lt=number).update(number=number):
        ReadMark.objects.bulk_create([ReadMark(user=by, thread=thread, number=number)], ignore_conflicts=True)


def mark_board_read(board: Board, *, by: User) -> None:
    """Count everything on ``board`` up to now as read."""
    BoardMark.objects.update_or_create(user=by, board=board, defaults={"read_at": timezone.now()})


def subscribe(thread: Thread, *, by: User, wanted: bool) -> None:
    """Begin or end being told of new posts."""
    if wanted:
        Subscription.objects.get_or_create(user=by, thread=thread)
    else:
        Subscription.objects.filter(user=by, thread=thread).delete()


def post_url(thread_id: int, number: int) -> str:
    """Return the address of a post: the page it stands on, at its place."""
    page = rules.page_of(number)
    query = f"?page={page}" if page > 1 else ""
    return f"{reverse('forum:thread', args=[thread_id])}{query}#post-{number}"


def quotation(post: Post) -> str:
    """Return the Markdown that quotes ``post``."""
    quoted = "\n".join(f"> {line}" for line in post.body.splitlines())
    return f"> **{post.author}** #{post.number}\n>\n{quoted}\n\n"


def _follow(thread: Thread, user: User, *, number: int) -> None:
    Subscription.objects.bulk_create([Subscription(user=user, thread=thread)], ignore_conflicts=True)
    mark_read(Thread(pk=thread.pk, post_count=number), number=number, by=user)


@transaction.atomic
def save_board(board: Board, *, by: User) -> Board:
    """Write a new or changed board; raise ``ValidationError`` when a field does not fit."""
    board.full_clean()
    created = board.pk is None
    board.save()
    record("forum.board_created" if created else "forum.board_changed", board, by=by)
    if not created:
        audience = board.audience if board.visibility == Visibility.AUDIENCE else None
        keys = (_key_of(pk) for pk in board.threads.order_by().values_list("pk", flat=True).iterator())
        readdress(keys, visibility=board.visibility, audience=audience)
    return board
