"""Courses of lessons, and the trace that learning leaves."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.audiences.models import AudienceMixin
from portal.files.models import StoredFile
from portal.organizations.models import Organization


class CourseState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Course(AudienceMixin):
    """A course kept by an organization for an audience, worth a number of training hours (domain.md 7.1)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by organization")
    )
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("what it is about"), max_length=1000, blank=True)
    hours = models.DecimalField(
        _("training hours"), max_digits=5, decimal_places=1, default=0, help_text=_("One hour is 45 minutes.")
    )
    is_required = models.BooleanField(_("required of its audience"), default=False)
    due_on = models.DateField(_("to be finished by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CourseState, default=CourseState.DRAFT, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    lesson_count = models.PositiveSmallIntegerField(_("lessons"), default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("created by"),
    )

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        indexes = [models.Index(fields=["-published_at", "-id"], name="course_newest")]
        constraints = [
            models.CheckConstraint(name="course_state_known", condition=Q(state__in=CourseState.values)),
            models.CheckConstraint(
                name="course_published_has_day",
                condition=~Q(state=CourseState.PUBLISHED) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="course_hours_positive",
                condition=Q(hours__gte=0),
                violation_error_message=_("Hours cannot be negative."),
            ),
            models.CheckConstraint(
                name="course_audience_named",
                condition=~Q(visibility="audience") | Q(audience__isnull=False),
                violation_error_message=_("Choose the audience of the course."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LessonKind(models.TextChoices):
    TEXT = "text", _("text")
    DOCUMENT = "document", _("document")
    VIDEO = "video", _("video")


class Lesson(models.Model):
    """One lesson: a text, a document or a video; ``number`` counts from 1 within the course."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons", verbose_name=_("course"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=LessonKind, default=LessonKind.TEXT)
    body = models.TextField(_("text"), blank=True, max_length=60_000)
    body_html = models.TextField(editable=False, blank=True)
    transcript = models.TextField(_("transcript"), blank=True, max_length=60_000)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="lesson_one_per_number"),
            models.CheckConstraint(name="lesson_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="lesson_kind_known", condition=Q(kind__in=LessonKind.values)),
            models.CheckConstraint(
                name="lesson_file_where_needed",
                condition=Q(kind=LessonKind.TEXT) | Q(file__isnull=False),
                violation_error_message=_("A document or video lesson needs its file."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Enrolment(models.Model):
    """A person's way through a course; completed once, with the hours it was worth on that day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("course"))
    started_at = models.DateTimeField(_("started"))
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    hours = models.DecimalField(_("hours credited"), max_digits=5, decimal_places=1, default=0)
    done_count = models.PositiveSmallIntegerField(_("lessons done"), default=0)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="enrolment_one_per_course"),
            models.CheckConstraint(
                name="enrolment_dates_in_order", condition=Q(completed_at=None) | Q(completed_at__gte=F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.course}"


class Progress(models.Model):
    """How far a person is in a lesson. For a video: the place to go on from, and the seconds proved by heartbeats."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="progress", verbose_name=_("lesson"))
    position = models.PositiveIntegerField(_("position in seconds"), default=0)
    watched = models.PositiveIntegerField(_("seconds proved"), default=0)
    beat_at = models.DateTimeField(_("last heartbeat"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [models.UniqueConstraint(fields=["user", "lesson"], name="progress_one_per_lesson")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.lesson_id}"
