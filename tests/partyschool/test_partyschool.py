"""The party school: who sees a course, progress that is kept, videos proved by heartbeats, constant queries."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partyschool import queries, rules, services
from partyschool.models import Course, CourseState, Enrolment, Lesson, LessonKind, Progress
from portal.audiences.models import Visibility
from portal.audiences.services import Circle, save_audience
from portal.files.models import StoredFile
from portal.web.refusals import RuleError
from tests.factories.rooms import make_course
from tests.world import World

SEES = {
    (Visibility.PUBLIC, True): {"visitor", "author", "stranger", "lecturer", "outsider"},
    (Visibility.INTERNAL, True): {"author", "stranger", "lecturer", "outsider"},
    (Visibility.AUDIENCE, True): {"author", "lecturer"},
    (Visibility.PUBLIC, False): {"lecturer"},
}


@pytest.mark.parametrize(("visibility", "publish"), list(SEES))
@pytest.mark.parametrize("actor", ["visitor", "author", "stranger", "lecturer", "outsider"])
def test_course_is_seen_by_its_audience_and_its_keepers(
    world: World, visibility: str, publish: bool, actor: str
) -> None:
    course = make_course(world.branch, by=world.user("lecturer"), visibility=visibility, publish=publish)
    lesson = course.lessons.get(number=1)
    client = world.client(actor)
    seen = actor in SEES[visibility, publish]
    for url in (reverse("partyschool:course", args=[course.pk]), reverse("partyschool:lesson", args=[lesson.pk])):
        assert client.get(url).status_code == (200 if seen else 404)
    assert (course.title in client.get(reverse("partyschool:course-list")).content.decode()) == seen


def test_lessons_done_one_by_one_complete_the_course_with_its_hours(world: World) -> None:
    course = make_course(world.branch, by=world.user("lecturer"), lessons=2)
    client = world.client("author")
    first, second = course.lessons.order_by("number")
    answer = client.post(reverse("partyschool:lesson-finish", args=[first.pk]))
    assert answer.url == reverse("partyschool:lesson", args=[second.pk])
    enrolment = Enrolment.objects.get()
    assert (enrolment.done_count, enrolment.completed_at) == (1, None)
    client.post(reverse("partyschool:lesson-finish", args=[second.pk]))
    client.post(reverse("partyschool:lesson-finish", args=[second.pk]))
    enrolment.refresh_from_db()
    assert (enrolment.done_count, enrolment.hours, enrolment.completed_at is not None) == (2, 2, True)


@pytest.fixture
def video(world: World) -> Lesson:
    course = make_course(world.branch, by=world.user("lecturer"), lessons=1)
    lesson = course.lessons.get()
    file = StoredFile.objects.create(kind="video", file="x", name="a.mp4", mime="video/mp4", size=1, sha256="0" * 64)
    Lesson.objects.filter(pk=lesson.pk).update(kind=LessonKind.VIDEO, file=file, minutes=1)
    lesson.refresh_from_db()
    return lesson


def test_video_position_survives_a_closed_tab(world: World, video: Lesson) -> None:
    client = world.client("author")
    url = reverse("partyschool:lesson-beat", args=[video.pk])
    assert client.post(url, {"position": "17"}).json() == {"watched": 0, "done": False}
    page = world.client("author").get(reverse("partyschool:lesson", args=[video.pk])).content.decode()
    assert 'data-position="17"' in page


def test_video_is_not_done_by_jumping_to_its_end(world: World, video: Lesson) -> None:
    client = world.client("author")
    url = reverse("partyschool:lesson-beat", args=[video.pk])
    client.post(url, {"position": "0"})
    assert client.post(url, {"position": "60"}).json()["done"] is False
    client.post(reverse("partyschool:lesson-finish", args=[video.pk]))
    assert Progress.objects.get().completed_at is None


def test_video_is_done_when_heartbeats_prove_nine_tenths(world: World, video: Lesson) -> None:
    author = world.user("author")
    services.beat(video, position=0, by=author)
    for position in range(10, 61, 10):
        Progress.objects.update(beat_at=timezone.now() - timedelta(seconds=11))
        progress = services.beat(video, position=position, by=author)
    assert progress.watched == 60
    assert progress.completed_at is not None
    assert Enrolment.objects.get().completed_at is not None


@pytest.mark.parametrize(
    ("elapsed", "moved", "proved"),
    [(10, 10, 10), (10, 60, 10), (60, 60, 20), (10, -5, 0), (0, 10, 0), (10, 0, 0), (10, 5, 5)],
)
def test_heartbeat_proves_no_more_than_the_time_that_passed(elapsed: float, moved: float, proved: int) -> None:
    assert rules.proved_seconds(elapsed=elapsed, moved=moved) == proved


@pytest.mark.parametrize("position", ["", "x", "-1", "1" * 30])
def test_heartbeat_without_a_position_is_a_400(world: World, video: Lesson, position: str) -> None:
    answer = world.client("author").post(reverse("partyschool:lesson-beat", args=[video.pk]), {"position": position})
    assert answer.status_code == 400
    assert Progress.objects.count() == 0


def test_course_created_filled_and_published_from_the_browser(world: World) -> None:
    client = world.client("lecturer")
    answer = client.post(
        reverse("partyschool:course-create"),
        {"title": "New", "organization": world.root.pk, "hours": "1.5", "visibility": "internal"},
    )
    course = Course.objects.get()
    assert answer.url == reverse("partyschool:course", args=[course.pk])
    state = reverse("partyschool:course-state", args=[course.pk])
    client.post(state, {"act": "publish"})
    course.refresh_from_db()
    assert course.state == CourseState.DRAFT
    client.post(
        reverse("partyschool:lesson-create", args=[course.pk]),
        {"title": "One", "kind": "text", "minutes": "5", "body": "## Words"},
    )
    client.post(state, {"act": "publish"})
    course.refresh_from_db()
    assert (course.state, course.lesson_count) == (CourseState.PUBLISHED, 1)
    assert world.client("author").get(reverse("partyschool:course", args=[course.pk])).status_code == 200


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title": "", "kind": "text", "minutes": "5", "body": "x"}, "title"),
        ({"title": "A", "kind": "text", "minutes": "5"}, "body"),
        ({"title": "A", "kind": "video", "minutes": "5"}, "video"),
        ({"title": "A", "kind": "document", "minutes": "5"}, "document"),
        ({"title": "A", "kind": "text", "minutes": "-5", "body": "x"}, "minutes"),
        ({"title": "A", "kind": "other", "minutes": "5", "body": "x"}, "kind"),
    ],
)
def test_lesson_form_names_what_is_missing(world: World, data: dict, field: str) -> None:
    course = make_course(world.root, by=world.user("lecturer"), lessons=0, publish=False)
    answer = world.client("lecturer").post(reverse("partyschool:lesson-create", args=[course.pk]), data)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert course.lessons.count() == 0


@pytest.mark.parametrize(
    ("actor", "expected"), [("lecturer", 200), ("author", 403), ("secretary", 403), ("visitor", 302)]
)
def test_keeping_a_course_is_its_keepers_alone(world: World, actor: str, expected: int) -> None:
    course = make_course(world.branch, by=world.user("lecturer"))
    lesson = course.lessons.get(number=1)
    client = world.client(actor)
    for name, pk in (
        ("course-edit", course.pk), ("course-state", course.pk), ("lesson-create", course.pk),
        ("lesson-edit", lesson.pk), ("lesson-remove", lesson.pk),
    ):  # fmt: skip
        assert client.get(reverse(f"partyschool:{name}", args=[pk])).status_code == expected


def test_lessons_change_places_and_close_the_gap_when_one_is_removed(world: World) -> None:
    lecturer = world.user("lecturer")
    course = make_course(world.branch, by=lecturer, lessons=3)
    titles = lambda: list(course.lessons.order_by("number").values_list("number", "title"))  # noqa: E731
    services.move_lesson(course.lessons.get(number=3), up=True, by=lecturer)
    assert titles() == [(1, "Lesson 1"), (2, "Lesson 3"), (3, "Lesson 2")]
    services.move_lesson(course.lessons.get(number=1), up=True, by=lecturer)
    services.remove_lesson(course.lessons.get(number=1), by=lecturer)
    assert titles() == [(1, "Lesson 3"), (2, "Lesson 2")]
    services.finish_lesson(course.lessons.get(number=1), by=world.user("author"))
    with pytest.raises(RuleError):
        services.remove_lesson(course.lessons.get(number=1), by=lecturer)


@pytest.mark.parametrize(("actor", "names"), [("secretary", {"Author"}), ("neighbor", set()), ("lecturer", {"Author"})])
def test_learners_are_seen_where_they_belong(world: World, actor: str, names: set[str]) -> None:
    course = make_course(world.root, by=world.user("lecturer"))
    services.enrol(course, by=world.user("author"))
    answer = world.client(actor).get(reverse("partyschool:learner-list", args=[course.pk]))
    assert {row.user.name for row in answer.context["page"]} == names


@pytest.mark.parametrize("lessons", [2, 40])
@pytest.mark.parametrize(("actor", "expected"), [("visitor", 2), ("author", 6)])
def test_course_page_asks_the_same_queries_whatever_the_lessons(
    world: World, django_assert_num_queries, lessons: int, actor: str, expected: int
) -> None:
    course = make_course(world.branch, by=world.user("lecturer"), lessons=1, visibility=Visibility.PUBLIC)
    Lesson.objects.bulk_create(Lesson(course=course, number=n, title=f"L{n}") for n in range(2, lessons + 1))
    client = world.client(actor)
    client.get(reverse("partyschool:course", args=[course.pk]))
    with django_assert_num_queries(expected):
        assert client.get(reverse("partyschool:course", args=[course.pk])).status_code == 200


@pytest.mark.parametrize("courses", [1, 20])
def test_course_list_asks_the_same_queries_whatever_the_courses(
    world: World, django_assert_num_queries, courses: int
) -> None:
    for _ in range(courses):
        make_course(world.branch, by=world.user("lecturer"), lessons=1)
    client = world.client("author")
    client.get(reverse("partyschool:course-list"))
    with django_assert_num_queries(5):
        assert client.get(reverse("partyschool:course-list")).status_code == 200


def test_unfinished_names_required_and_begun_courses(world: World) -> None:
    lecturer, author = world.user("lecturer"), world.user("author")
    required = make_course(world.root, by=lecturer, is_required=True)
    begun = make_course(world.root, by=lecturer)
    make_course(world.root, by=lecturer)
    services.enrol(begun, by=author)
    assert set(queries.unfinished(author, 10)) == {required, begun}


def test_constraints_hold_without_the_services(world: World) -> None:
    course = make_course(world.branch, by=world.user("lecturer"), lessons=2)
    for rows, change in (
        (Course.objects.all(), {"hours": -1}),
        (Course.objects.all(), {"published_at": None}),
        (Course.objects.all(), {"state": "other"}),
        (Lesson.objects.filter(course=course, number=2), {"number": 1}),
        (Lesson.objects.filter(course=course, number=2), {"kind": "video"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


@pytest.mark.parametrize(
    ("actor", "seen"), [("secretary", True), ("college", True), ("committee", True), ("neighbor", False)]
)
@pytest.mark.parametrize("wide", [False, True])
def test_course_of_an_audience_is_read_by_those_who_answer_for_its_people(
    world: World, actor: str, seen: bool, wide: bool
) -> None:
    """Audience: the activists of the branch, or of the whole college; the readers are full members."""
    course = make_course(world.root, by=world.user("lecturer"), publish=True)
    circle = Circle(organizations=[world.unit if wide else world.branch], standings=["activist"])
    Course.objects.filter(pk=course.pk).update(visibility=Visibility.AUDIENCE, audience=save_audience(circle))
    lesson = course.lessons.get(number=1)
    services.enrol(course, by=world.user("author"))
    client, seen = world.client(actor), seen or wide
    for route, pk in (("course", course.pk), ("lesson", lesson.pk), ("learner-list", course.pk)):
        assert client.get(reverse(f"partyschool:{route}", args=[pk])).status_code == (200 if seen else 404)
    if seen:
        learners = client.get(reverse("partyschool:learner-list", args=[course.pk])).content.decode()
        assert ("Author" in learners) is (actor != "neighbor")
        page = client.get(reverse("partyschool:lesson", args=[lesson.pk])).content.decode()
        finish = reverse("partyschool:lesson-finish", args=[lesson.pk])
        assert (finish in page, client.post(finish).status_code) == (False, 403)
