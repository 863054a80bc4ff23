"""Cultivation in the admin: contacts are named through the service, reports are looked through without their text."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.admin import ReadOnlyModelAdmin, site
from portal.access.admin_forms import ServiceModelAdmin, ServiceModelForm

from .models import CultivationContact, ThoughtReport
from .services import assign_contact


class ContactAdminForm(ServiceModelForm):
    """Names a contact; the rules of ``assign_contact`` come back beside the fields."""

    class Meta:
        model = CultivationContact
        fields = ("person", "contact", "since")

    def perform(self) -> CultivationContact:
        data = self.cleaned_data
        return assign_contact(data["person"], data["contact"], by=self.by, on=data["since"] or timezone.localdate())


@admin.register(CultivationContact, site=site)
class CultivationContactAdmin(ServiceModelAdmin):
    form = ContactAdminForm
    fields = ("person", "contact", "since")
    list_display = ("person", "contact", "place", "since", "until")
    list_select_related = ("person__user", "contact__user")
    list_filter = ("place",)
    search_fields = ("person__user__name", "person__user__number", "contact__user__name", "contact__user__number")
    autocomplete_fields = ("person", "contact")
    view_on_site = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # an assignment is ended on its page, with its last day


@admin.register(ThoughtReport, site=site)
class ThoughtReportAdmin(ReadOnlyModelAdmin):
    list_display = ("author", "place", "year", "quarter", "state", "title", "characters", "first_submitted_on")
    list_select_related = ("author__user", "author__organization", "review")
    list_filter = ("year", "quarter", "review__state", "standing_at_submission")
    search_fields = ("author__user__name", "author__user__number", "title", "code")
    fields = (
        "author", "year", "quarter", "state", "title", "characters", "standing_at_submission", "first_submitted_on",
        "likeness", "code",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("branch"))
    def place(self, report: ThoughtReport) -> str:
        return str(report.author.organization or "")

    @admin.display(description=_("state"), ordering="review__state")
    def state(self, report: ThoughtReport) -> str:
        return report.review.get_state_display()
