"""The trail in the admin: looked at, never changed."""

from django.contrib import admin

from portal.access.admin import ReadOnlyModelAdmin, site

from .models import AuditEntry


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(ReadOnlyModelAdmin):
    list_display = ("at", "by_label", "verb_label", "outcome", "object_label", "organization", "address")
    list_filter = ("outcome",)
    list_select_related = ("organization",)
    search_fields = ("=by_label", "=object_pk", "=request_id")
    ordering = ("-pk",)
    actions = None
    fields = (
        "at", "by_label", "verb", "outcome", "model", "object_pk", "object_label", "organization", "changes", "reason",
        "request_id", "address", "sequence", "hash",
    )
    readonly_fields = fields
