"""Archives in the administration: masked, changed through the service, with the version that was edited."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from portal.access.admin import ReadOnlyModelAdmin, site
from portal.access.admin_forms import ServiceModelAdmin, ServiceModelForm
from portal.access.policy import policy_of

from .fields import ARCHIVE_FIELDS, GROUPS, SENSITIVE
from .forms import ArchiveForm
from .models import CorrectionRequest, Member
from .services import update_archive


class ArchiveAdminForm(ArchiveForm, ServiceModelForm):
    """The archive form of the portal; the service is called as the last step of cleaning."""

    class Meta(ArchiveForm.Meta):
        widgets = {}

    _post_clean = ServiceModelForm._post_clean

    def perform(self) -> Member:
        return update_archive(self.instance, self.changes, version=self.cleaned_data["version"], by=self.by)


@admin.register(Member, site=site)
class MemberAdmin(ServiceModelAdmin):
    """People of one's subtree; only those who keep archives open one. Nobody is added or removed here."""

    form = ArchiveAdminForm
    list_display = ("own_number", "person", "organization", "standing", "standing_since", "person_kind")
    list_display_links = ("own_number", "person")
    list_filter = ("standing", "person_kind", "political_status")
    list_select_related = ("user", "organization")
    search_fields = ("user__name", "user__number")
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return super().get_queryset(request).defer("id_no", "mobile", "home_address", "current_address")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Member | None:
        """Open an archive for those who may read it; the row of the list alone is not enough."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        readable = policy_of(Member).condition(request.user, "change")
        return self.model._default_manager.select_related("user").filter(readable, pk=found.pk).first()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # Version and the boxes to erase come with the form, not with the model.
        kwargs["fields"] = ARCHIVE_FIELDS
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Member | None = None) -> list[Any]:
        groups: list[Any] = [(group.label, {"fields": group.fields}) for group in GROUPS]
        last = ["version", "erase"] if obj is not None and _holds_sensitive(obj) else ["version"]
        return [*groups, (None, {"fields": last})]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def view_on_site(self, obj: Member) -> str:
        return obj.get_absolute_url()

    @display(description=_("Number"))
    def own_number(self, obj: Member) -> str:
        return obj.number

    @display(description=_("name"))
    def person(self, obj: Member) -> str:
        return obj.name


def _holds_sensitive(member: Member) -> bool:
    return any(getattr(member, name) for name in SENSITIVE)


@admin.register(CorrectionRequest, site=site)
class CorrectionRequestAdmin(ReadOnlyModelAdmin):
    """Requests for correction of one's subtree; answered on the portal's page."""

    list_display = ("member", "field", "state", "asked_at", "answered_by")
    list_filter = ("state",)
    list_select_related = ("member__user", "answered_by")
