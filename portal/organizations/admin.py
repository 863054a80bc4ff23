"""The tree in the administration: every change goes through the services, every row through the policies."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from portal.access.admin import ReadOnlyModelAdmin, site
from portal.access.admin_forms import ServiceModelAdmin, ServiceModelForm
from portal.access.policy import policy_of, scope
from portal.access.rights import rights_of, under

from . import services
from .forms import DESCRIPTION, NodeChoiceField
from .models import Affiliation, Appointment, Organization


def own_paths(request: HttpRequest) -> list[str]:
    """Return the paths on which the person holds any duty: what the administration shows of the tree."""
    return sorted({path for held in rights_of(request.user).duties.values() for path in held})


class OrganizationAdminForm(ServiceModelForm):
    """Describe a node; a new one also says under which it hangs."""

    parent = NodeChoiceField(
        Organization.objects.none(), label=_("Place it under"), widget=UnfoldAdminSelectWidget, required=True
    )

    class Meta:
        model = Organization
        fields = DESCRIPTION

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "parent" in self.fields and self.instance.pk:
            del self.fields["parent"]
        elif "parent" in self.fields:
            self.fields["parent"].queryset = scope(self.by, "add", Organization).order_by("path")

    def perform(self) -> Organization:
        data = dict(self.cleaned_data)
        parent = data.pop("parent", None)
        if self.instance.pk:
            return services.update_organization(self.instance, by=self.by, **data)
        return services.create_organization(parent=parent, by=self.by, **data)


@admin.register(Organization, site=site)
class OrganizationAdmin(ServiceModelAdmin):
    """The nodes on which one holds a duty, in the order of the tree; moving and closing are pages of the portal."""

    form = OrganizationAdminForm
    list_display = ("indented", "org_type", "code", "status", "term_started_on")
    list_filter = ("org_type", "status")
    search_fields = ("name", "short_name", "code")
    ordering = ("path",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        return super().get_queryset(request).filter(under("", own_paths(request)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or (obj is None and rights_of(request.user).has_duties)

    def get_fields(self, request: HttpRequest, obj: Organization | None = None) -> tuple[str, ...]:
        return DESCRIPTION if obj else ("parent", *DESCRIPTION)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The parent comes with the form, not with the model.
        kwargs["fields"] = DESCRIPTION
        return super().get_form(request, obj, change=change, **kwargs)

    def view_on_site(self, obj: Organization) -> str:
        return obj.get_absolute_url()

    @display(description=_("name"), ordering="path")
    def indented(self, obj: Organization) -> str:
        return NodeChoiceField.label_from_instance(None, obj)  # type: ignore[arg-type]


@admin.register(Affiliation, site=site)
class AffiliationAdmin(ReadOnlyModelAdmin):
    """Who belongs where, now and earlier; people are placed from their own page."""

    list_display = ("user", "organization", "standing", "since", "until")
    list_filter = ("standing",)
    list_select_related = ("user", "organization")
    search_fields = ("user__name", "user__number")
    ordering = ("-since", "-pk")


class AppointmentAdminForm(ServiceModelForm):
    class Meta:
        model = Appointment
        fields = ("user", "organization", "post", "mode", "approval_doc_no", "since", "until")

    def perform(self) -> Appointment:
        data = dict(self.cleaned_data)
        return services.appoint(
            data.pop("user"), data.pop("organization"), data.pop("post"), on=data.pop("since"), by=self.by, **data
        )


@admin.register(Appointment, site=site)
class AppointmentAdmin(ServiceModelAdmin):
    """Posts on the nodes one keeps: given here, ended on the portal's page that asks once more."""

    form = AppointmentAdminForm
    list_display = ("user", "post", "organization", "since", "until", "end")
    list_filter = ("post",)
    list_select_related = ("user", "organization")
    search_fields = ("user__name", "user__number", "organization__name")
    autocomplete_fields = ("user", "organization")
    ordering = ("-since", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        """Keep the posts below what one keeps, and know of each whether one may end it."""
        may_end = policy_of(Appointment).condition(request.user, "change")
        return (
            super()
            .get_queryset(request)
            .filter(under("organization", own_paths(request)))
            .annotate(may_end=Case(When(may_end, then=True), default=False))
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or (obj is None and rights_of(request.user).has_duties)

    def choice_action(self, field_name: str) -> str:
        return "appoint" if field_name == "organization" else "view"

    @display(description=_("end"))
    def end(self, obj: Appointment) -> SafeString | str:
        if obj.ended_at or not obj.may_end:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("organizations:dismiss", args=[obj.pk]), _("End this post"))
