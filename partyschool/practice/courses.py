"""Courses of the practice university, and people who learn in them."""

from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from partyschool.models import Course, Lesson, LessonKind
from partyschool.services import finish_lesson, publish_course, save_course, save_lesson
from portal.accounts.models import User
from portal.audiences.models import Visibility
from portal.audiences.services import Circle, save_audience
from portal.files.models import StoredFile
from portal.files.services import store
from portal.home.practice.world import PracticeWorld, texts

VIDEO = Path(__file__).with_name("lesson.webm")
LEARNERS = 40


def make_courses(world: PracticeWorld) -> None:
    """Publish the courses and let some people learn; what is there stays."""
    for row in texts(__file__, "courses.json")["courses"]:
        if not Course.objects.filter(title=row["title"]).exists():
            _make(world, row)


def _make(world: PracticeWorld, row: dict[str, Any]) -> None:
    lecturer = world.accounts["lecturer"]
    course = Course(
        organization=world.root,
        title=row["title"],
        summary=row["summary"],
        hours=row["hours"],
        is_required=row["required"],
        due_on=world.today.replace(month=12, day=31) if row["required"] else None,
        visibility=Visibility.PUBLIC if row.get("public") else Visibility.INTERNAL,
    )
    if row["standings"]:
        course.visibility = Visibility.AUDIENCE
        course.audience = save_audience(Circle(organizations=[world.root], standings=row["standings"]))
    course = save_course(course, by=lecturer)
    for lesson in row["lessons"]:
        file = _video(lecturer) if lesson["kind"] == LessonKind.VIDEO else None
        save_lesson(Lesson(course=course, file=file, **lesson), by=lecturer)
    course = publish_course(course, by=lecturer)
    _learn(world, course, row["standings"])


def _video(by: User) -> StoredFile:
    return store(ContentFile(VIDEO.read_bytes(), name=VIDEO.name), kind="video", by=by)


def _learn(world: PracticeWorld, course: Course, standings: list[str]) -> None:
    """Let some of the audience go through the first lessons, texts only."""
    people = User.objects.filter(affiliations__until=None, affiliations__isnull=False).exclude(
        number__in=world.accounts
    )
    if standings:
        people = people.filter(affiliations__standing__in=standings)
    lessons = list(course.lessons.filter(kind=LessonKind.TEXT).order_by("number"))
    chosen = list(people.order_by("pk"))
    for person in world.rng.sample(chosen, min(LEARNERS, len(chosen))):
        for lesson in lessons[: world.rng.randint(1, len(lessons))]:
            finish_lesson(lesson, by=person)
