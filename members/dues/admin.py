"""The dues in the admin: looked through without any base; they are written on their pages."""

from django.contrib import admin

from portal.access.admin import ReadOnlyModelAdmin, site

from .models import DuesPayment, DuesStandard


@admin.register(DuesPayment, site=site)
class DuesPaymentAdmin(ReadOnlyModelAdmin):
    list_display = ("receipt_no", "person", "organization", "month", "kind", "amount", "paid_on", "channel")
    list_select_related = ("person__user", "organization")
    list_filter = ("kind", "is_makeup", "channel")
    search_fields = ("receipt_no", "person__user__name", "person__user__number")
    fields = (
        "receipt_no", "person", "organization", "kind", "month", "owed", "amount", "paid_on", "is_makeup", "channel",
        "reference", "reverses", "reason", "recorded_by", "recorded_at",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(DuesStandard, site=site)
class DuesStandardAdmin(ReadOnlyModelAdmin):
    list_display = ("person", "kind", "amount", "valid_from", "until", "confirmed_by")
    list_select_related = ("person__user", "confirmed_by")
    list_filter = ("kind",)
    search_fields = ("person__user__name", "person__user__number")
    fields = ("person", "kind", "amount", "article", "edition", "valid_from", "until", "confirmed_by", "confirmed_at")
    readonly_fields = fields
