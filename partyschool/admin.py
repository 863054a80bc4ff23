"""Courses in the admin, to be found and looked at; they are kept on their own pages."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from portal.access.admin import ReadOnlyModelAdmin, site
from portal.access.rights import rights_of
from portal.organizations.duties import Duty

from .models import Course, Enrolment


@admin.register(Course, site=site)
class CourseAdmin(ReadOnlyModelAdmin):
    list_display = [
        "title",
        "organization",
        "state",
        "visibility",
        "is_required",
        "hours",
        "lesson_count",
        "published_at",
    ]
    list_filter = ["state", "visibility", "is_required"]
    search_fields = ["title", "summary"]
    list_select_related = ["organization"]


@admin.register(Enrolment, site=site)
class EnrolmentAdmin(ReadOnlyModelAdmin):
    list_display = ["user", "course", "started_at", "completed_at", "hours"]
    list_select_related = ["user", "course"]
    search_fields = ["user__name", "user__number", "course__title"]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The policy follows the person's place, so the list is offered to whoever sees learning anywhere."""
        if obj is not None:
            return super().has_view_permission(request, obj)
        return rights_of(request.user).holds(Duty.SEE_LEARNING)
