"""Reads of the party school."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from portal.access.policy import scope
from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Affiliation, Organization

from .models import Course, CourseState, Enrolment, Lesson, Progress


def courses_for(user: AnyUser) -> QuerySet[Course]:
    """Return the courses ``user`` may view, with how far the person is (``done``, ``finished_at``)."""
    courses = scope(user, "view", Course).select_related("organization")
    if not user.is_authenticated:
        return courses.annotate(done=Value(0), finished_at=Value(None, output_field=IntegerField()))
    mine = Enrolment.objects.filter(user_id=user.pk, course=OuterRef("pk"))
    return courses.annotate(
        done=Coalesce(Subquery(mine.values("done_count")[:1]), Value(0)),
        finished_at=Subquery(mine.values("completed_at")[:1]),
    )


def lessons_with_progress(course: Course, user: AnyUser) -> list[Lesson]:
    """Return the lessons of ``course`` in order, each with ``finished_at`` and ``position`` of ``user``; one query."""
    return ask_as(user, _lessons, course=course.pk)


def _lessons(user: AnyUser, *, course: int) -> QuerySet[Lesson]:
    lessons = Lesson.objects.filter(course_id=course).defer("body", "body_html", "transcript").order_by("number")
    if not user.is_authenticated:
        return lessons.annotate(finished_at=Value(None, output_field=IntegerField()), position=Value(0))
    mine = Progress.objects.filter(user_id=user.pk, lesson=OuterRef("pk"))
    return lessons.annotate(
        finished_at=Subquery(mine.values("completed_at")[:1]),
        position=Coalesce(Subquery(mine.values("position")[:1]), Value(0)),
    )


def with_place(user: AnyUser) -> QuerySet[Course]:
    """Return courses that know the organization they belong to."""
    return Course.objects.select_related("organization")


def progress_of(lesson: Lesson, user: AnyUser) -> Progress | None:
    return Progress.objects.filter(lesson=lesson, user_id=user.pk).first()


def unfinished(user: AnyUser, limit: int) -> list[Course]:
    """Return the required courses ``user`` has not finished, and the others begun, soonest due first."""
    return ask_as(user, _unfinished, limit)


def _unfinished(user: AnyUser, limit: int) -> QuerySet[Course]:
    return to_learn(user).order_by(F("due_on").asc(nulls_last=True), "-published_at")[:limit]


def to_learn(user: AnyUser) -> QuerySet[Course]:
    """Return the required courses ``user`` has not finished, and the others begun."""
    finished = Enrolment.objects.filter(user_id=user.pk).exclude(completed_at=None).values("course_id")
    begun = Enrolment.objects.filter(user_id=user.pk, completed_at=None).values("course_id")
    return (
        scope(user, "learn", Course)
        .filter(state=CourseState.PUBLISHED)
        .filter(Q(is_required=True) | Q(pk__in=begun))
        .exclude(pk__in=finished)
    )


def learners_of(course: Course, user: AnyUser) -> QuerySet[Enrolment]:
    """Return the enrolments of ``course`` whose people ``user`` may see learning."""
    return scope(user, "view", Enrolment).filter(course=course).select_related("user")


def text_of(course: Course) -> str:
    """Return what of ``course`` can be found."""
    rows = Lesson.objects.filter(course=course).order_by("number").values_list("title", "body_html")
    return " ".join([course.summary, *(f"{title} {body}" for title, body in rows)])


def neighbours(lesson: Lesson) -> dict[str, Lesson | None]:
    """Return the lessons before and after (``previous``, ``next``); one query."""
    rows = {
        row.number: row
        for row in Lesson.objects.filter(
            course=lesson.course_id, number__in=[lesson.number - 1, lesson.number + 1]
        ).only("title", "number", "course_id")
    }
    return {"previous": rows.get(lesson.number - 1), "next": rows.get(lesson.number + 1)}


def completed_by(person: Any, reader: AnyUser) -> QuerySet[Enrolment]:
    """Return what ``person`` has completed as far as ``reader`` may see it, latest first."""
    return (
        scope(reader, "view", Enrolment)
        .filter(user=person)
        .exclude(completed_at=None)
        .select_related("course")
        .order_by("-completed_at")
    )


def newest(reader: AnyUser, limit: int) -> list[Course]:
    """Return the courses published last that ``reader`` may view."""
    published = scope(reader, "view", Course).filter(state=CourseState.PUBLISHED)
    return list(published.order_by("-published_at", "-pk")[:limit])


@dataclass(frozen=True, slots=True)
class Learned:
    """What the people of a node completed in a year: how many people, courses, and credited hours."""

    people: int
    courses: int
    hours: Decimal


def learned_in(organization: Organization, reader: AnyUser, year: int) -> Learned | None:
    """Return what the people of ``organization`` and below learned in a year, to those who see learning there."""
    if not rights_of(reader).holds_on(Duty.SEE_LEARNING, organization.path):
        return None
    here = Affiliation.objects.filter(organization__path__startswith=organization.path, until=None)
    rows = scope(reader, "view", Enrolment).filter(user__in=here.order_by().values("user"), completed_at__year=year)
    found = rows.order_by().aggregate(people=Count("user", distinct=True), courses=Count("pk"), hours=Sum("hours"))
    return Learned(found["people"], found["courses"], found["hours"] or Decimal(0))
