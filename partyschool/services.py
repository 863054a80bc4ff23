"""Verbs of the party school: keep courses and lessons, publish them, learn."""

import nh3
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from portal.accounts.models import User
from portal.audit.services import record
from portal.files.services import attach
from portal.search.services import touch
from portal.web.refusals import RuleError

from . import rules
from .models import Course, CourseState, Enrolment, Lesson, LessonKind, Progress

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")


def render(body: str) -> str:
    """Return the sanitised HTML of a lesson's text written in Markdown; its headings start below the page's."""
    html = _markdown.render(body).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return nh3.clean(html, url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer")


@transaction.atomic
def save_course(course: Course, *, by: User) -> Course:
    """Write a new or changed course; raise ``ValidationError`` when a field does not fit."""
    created = course.pk is None
    if created:
        course.created_by = by
    course.full_clean()
    course.save()
    record("partyschool.course_created" if created else "partyschool.course_changed", course, by=by)
    touch(course)
    return course


@transaction.atomic
def publish_course(course: Course, *, by: User) -> Course:
    """Open a course to its audience; raise ``RuleError`` while it has no lesson. Publishing again changes nothing."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    if course.state == CourseState.PUBLISHED:
        return course
    if not course.lesson_count:
        raise RuleError(_("A course needs at least one lesson before it is published."))
    before, course.state, course.published_at = course.state, CourseState.PUBLISHED, timezone.now()
    course.save(update_fields=["state", "published_at"])
    record("partyschool.course_published", course, by=by, changes={"state": [before, course.state]})
    touch(course)
    return course


@transaction.atomic
def withdraw_course(course: Course, *, by: User) -> Course:
    """Close a course to new and running learners; what they did stays on record."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    if course.state != CourseState.PUBLISHED:
        return course
    course.state = CourseState.WITHDRAWN
    course.save(update_fields=["state"])
    record("partyschool.course_withdrawn", course, by=by, changes={"state": ["published", "withdrawn"]})
    touch(course)
    return course


@transaction.atomic
def save_lesson(lesson: Lesson, *, by: User) -> Lesson:
    """Write a lesson, a new one at the end of its course; raise ``ValidationError`` when a field does not fit."""
    course = Course.objects.select_for_update().get(pk=lesson.course_id)
    created = lesson.pk is None
    if created:
        lesson.number = (course.lessons.aggregate(last=Max("number"))["last"] or 0) + 1
    if lesson.kind == LessonKind.TEXT:
        lesson.file = None
    lesson.body_html = render(lesson.body)
    lesson.full_clean()
    lesson.save()
    if lesson.file:
        attach(lesson.file, lesson)
    Course.objects.filter(pk=course.pk).update(lesson_count=course.lessons.count())
    record("partyschool.lesson_created" if created else "partyschool.lesson_changed", lesson, by=by)
    touch(course)
    return lesson


@transaction.atomic
def move_lesson(lesson: Lesson, *, up: bool, by: User) -> Lesson:
    """Let a lesson change places with its neighbour; at the end of the list nothing changes."""
    course = Course.objects.select_for_update().get(pk=lesson.course_id)
    rows = list(course.lessons.order_by("number"))
    place = next(index for index, row in enumerate(rows) if row.pk == lesson.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return rows[place]
    rows[place], rows[other] = rows[other], rows[place]
    _renumber(rows)
    record("partyschool.lesson_moved", rows[other], by=by)
    return rows[other]


@transaction.atomic
def remove_lesson(lesson: Lesson, *, by: User) -> None:
    """Take a lesson out; raise ``RuleError`` once somebody has learned in it."""
    course = Course.objects.select_for_update().get(pk=lesson.course_id)
    lesson = Lesson.objects.get(pk=lesson.pk)
    if lesson.progress.exists():
        raise RuleError(_("People have learned in this lesson already; change it instead of removing it."))
    record("partyschool.lesson_removed", lesson, by=by)
    lesson.delete()
    rows = list(course.lessons.order_by("number"))
    _renumber(rows)
    Course.objects.filter(pk=course.pk).update(lesson_count=len(rows))
    touch(course)


def _renumber(rows: list[Lesson]) -> None:
    """Give ``rows`` the numbers 1, 2, …, by way of free ones, so that no two are ever alike."""
    for offset in (10_000, 0):
        for number, row in enumerate(rows, start=1):
            row.number = number + offset
        Lesson.objects.bulk_update(rows, ["number"])


@transaction.atomic
def enrol(course: Course, *, by: User) -> Enrolment:
    """Begin a course; beginning again changes nothing."""
    enrolment, created = Enrolment.objects.get_or_create(
        user=by, course=course, defaults={"started_at": timezone.now()}
    )
    if created:
        record("partyschool.enrolled", enrolment, by=by, about=by)
    return enrolment


@transaction.atomic
def beat(lesson: Lesson, *, position: int, by: User) -> Progress:
    """Take a heartbeat of a playing video: keep the place to go on from, credit the seconds it proves."""
    enrol(lesson.course, by=by)
    Progress.objects.bulk_create([Progress(user=by, lesson=lesson)], ignore_conflicts=True)
    progress = Progress.objects.select_for_update().get(user=by, lesson=lesson)
    now = timezone.now()
    longest = max(lesson.minutes, 1) * 60 + 600
    position = min(max(position, 0), longest)
    elapsed = (now - progress.beat_at).total_seconds() if progress.beat_at else 0
    progress.watched += rules.proved_seconds(elapsed=elapsed, moved=position - progress.position)
    progress.position, progress.beat_at = position, now
    progress.save(update_fields=["watched", "position", "beat_at"])
    if rules.video_is_watched(watched=progress.watched, minutes=lesson.minutes):
        _complete(progress, lesson)
    return progress


@transaction.atomic
def finish_lesson(lesson: Lesson, *, by: User) -> Progress:
    """Mark a text or document as read; raise ``RuleError`` for a video that was not watched."""
    enrol(lesson.course, by=by)
    Progress.objects.bulk_create([Progress(user=by, lesson=lesson)], ignore_conflicts=True)
    progress = Progress.objects.select_for_update().get(user=by, lesson=lesson)
    watched = rules.video_is_watched(watched=progress.watched, minutes=lesson.minutes)
    if lesson.kind == LessonKind.VIDEO and not progress.completed_at and not watched:
        raise RuleError(_("The video counts once nine tenths of it have been played."))
    _complete(progress, lesson)
    return progress


def _complete(progress: Progress, lesson: Lesson) -> None:
    """Complete the lesson, and with the last one the course."""
    if progress.completed_at:
        return
    progress.completed_at = timezone.now()
    progress.save(update_fields=["completed_at"])
    Enrolment.objects.filter(user=progress.user_id, course=lesson.course_id).update(done_count=F("done_count") + 1)
    missing = Lesson.objects.filter(course=lesson.course_id).exclude(
        pk__in=Progress.objects.filter(user=progress.user_id).exclude(completed_at=None).values("lesson_id")
    )
    if missing.exists():
        return
    enrolment = Enrolment.objects.select_related("course", "user").get(user=progress.user_id, course=lesson.course_id)
    if enrolment.completed_at:
        return
    enrolment.completed_at, enrolment.hours = timezone.now(), enrolment.course.hours
    enrolment.save(update_fields=["completed_at", "hours"])
    record("partyschool.course_completed", enrolment, by=enrolment.user, about=enrolment.user)
