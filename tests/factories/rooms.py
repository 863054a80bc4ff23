"""Boards, threads and courses in numbers."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from forum.models import Board, Post, Thread
from forum.services import save_board
from partyschool.models import Course, Lesson
from partyschool.services import publish_course, save_course, save_lesson
from portal.accounts.models import User
from portal.audiences.models import Visibility
from portal.audiences.services import Circle, save_audience
from portal.organizations.models import Organization

_numbers = count(1)


def make_board(organization: Organization, *, by: User, visibility: str = Visibility.INTERNAL, **fields) -> Board:
    """Open a board; one for an audience is for the people of ``organization`` and below."""
    n = next(_numbers)
    board = Board(organization=organization, name=f"Board {n}", slug=f"board-{n}", visibility=visibility, **fields)
    if visibility == Visibility.AUDIENCE:
        board.audience = save_audience(Circle(organizations=[organization]))
    return save_board(board, by=by)


def make_threads(board: Board, how_many: int, *, by: User, posts: int = 1) -> list[Thread]:
    """Put threads on a board by sets, a minute apart, without notices."""
    now = timezone.now()
    threads = Thread.objects.bulk_create(
        Thread(
            board=board,
            title=f"Thread {number}",
            author=by,
            last_poster=by,
            created_at=now - timedelta(minutes=number, hours=1),
            last_post_at=now - timedelta(minutes=number),
            post_count=posts,
        )
        for number in range(how_many)
    )
    Post.objects.bulk_create(
        Post(
            thread=thread,
            number=number,
            author=by,
            body=f"Words {number}",
            body_html=f"<p>Words {number}</p>",
            created_at=thread.created_at,
        )
        for thread in threads
        for number in range(1, posts + 1)
    )
    Board.objects.filter(pk=board.pk).update(thread_count=how_many, post_count=how_many * posts, last_post_at=now)
    return threads


def make_course(
    organization: Organization,
    *,
    by: User,
    lessons: int = 2,
    visibility: str = Visibility.INTERNAL,
    publish: bool = True,
    **fields,
) -> Course:
    """Create a course of text lessons through the services."""
    n = next(_numbers)
    course = Course(organization=organization, title=f"Course {n}", visibility=visibility, hours=2, **fields)
    if visibility == Visibility.AUDIENCE:
        course.audience = save_audience(Circle(organizations=[organization]))
    course = save_course(course, by=by)
    for number in range(1, lessons + 1):
        save_lesson(Lesson(course=course, title=f"Lesson {number}", body=f"Text {number}"), by=by)
    course.refresh_from_db()
    return publish_course(course, by=by) if publish else course
