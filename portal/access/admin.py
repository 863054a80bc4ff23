"""The admin site and the base of every admin class: the same policies as everywhere else, never Django's own flags."""

from functools import update_wrapper
from typing import Any

from csp.constants import NONCE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from . import policy
from .rights import rights_of

# The theme sets its colours in a style element and Alpine evaluates attributes: allowed here and nowhere else.
_ADMIN_POLICY = csp_update({"script-src": [SELF, NONCE, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]})


class ForwardAutocompleteView(AutocompleteJsonView):
    """Choices for a form's field; Django 5.2 fails on the name of a reverse relation, which no form has."""

    def process_request(self, request: HttpRequest) -> tuple[Any, ...]:
        found: tuple[Any, ...] = super().process_request(request)
        if not found[2].concrete:
            raise PermissionDenied
        return found


class PortalAdminSite(UnfoldAdminSite):
    """Django's admin for everyone who holds a duty; what they find there is the business of the policies."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Administration")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_authenticated and rights_of(request.user).has_duties)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Send people to the portal's own sign-in; tell those already in that this is not theirs."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        target = request.GET.get("next") or reverse("admin:index")
        if request.user.is_authenticated:
            return HttpResponse(status=302, headers={"Location": reverse("admin:index")})
        return redirect_to_login(target, resolve_url("account_login"))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        return ForwardAutocompleteView.as_view(admin_site=self)(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return HttpResponse(status=302, headers={"Location": resolve_url("account_logout")})

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return HttpResponse(status=302, headers={"Location": resolve_url("account_change_password")})

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The theme's own search over all models is not offered: lists have theirs, the portal has one."""
        raise Http404

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return update_wrapper(_ADMIN_POLICY(super().admin_view(view, cacheable)), view)


site = PortalAdminSite(name="admin")


class ScopedModelAdmin(ModelAdmin):
    """An admin class whose rows, filters, choices, autocompletes and actions come from the model's policy.

    Adding, changing and deleting are the policy's actions ``add``, ``change`` and ``delete``; one that the policy does
    not know is allowed to nobody. A class with a service calls it from ``save_model``.
    """

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    warn_unsaved_form = True
    compressed_fields = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(policy.policy_of(self.model).condition(request.user, "view"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or self.has_add_permission(request)

    def _may(self, request: HttpRequest, action: str, obj: Model | None) -> bool:
        if obj is not None and obj.pk:
            return policy.may(request.user, action, obj)
        return self._holds(request, action)

    def _holds(self, request: HttpRequest, action: str) -> bool:
        """Say whether any duty for ``action`` is held anywhere: whether to offer it, not whether it is allowed."""
        found = policy.policy_of(self.model)
        needed = found.duties.get(action, ())
        rights = rights_of(request.user)
        return any(rights.holds(str(duty)) for duty in ((needed,) if isinstance(needed, str) else needed))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, "view", obj) or (obj is None and self._holds(request, "change"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, "change", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._holds(request, "add")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, "delete", obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Return the row when it lies in the person's scope; ids that cannot be ids are ids of nothing.

        Python reads "1_2" and "+12" as twelve too, but no address of ours is written so.
        """
        is_counted = not from_field and isinstance(self.model._meta.pk, models.IntegerField)
        if is_counted and not (str(object_id).isascii() and str(object_id).isdecimal()):
            return None
        if from_field and not self.model._meta.get_field(from_field).unique:
            return None
        try:
            return super().get_object(request, object_id, from_field)
        except (ValueError, OverflowError):
            return None

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        raise Http404(unquote(object_id))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> ModelChoiceField | None:
        """Offer only what the person may see; a model without policy offers nothing."""
        related = db_field.remote_field.model
        kwargs.setdefault("queryset", policy.scope(request.user, self.choice_action(db_field.name), related))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        related = db_field.remote_field.model
        kwargs.setdefault("queryset", policy.scope(request.user, self.choice_action(db_field.name), related))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def choice_action(self, field_name: str) -> str:
        """Return the action a person needs on a related row to choose it for ``field_name``."""
        return "view"

    def get_field_queryset(self, db: str | None, db_field: models.Field, request: HttpRequest) -> QuerySet:
        """Narrow the choices of relation filters and autocompletes as well."""
        return policy.scope(request.user, self.choice_action(db_field.name), db_field.remote_field.model)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's own log is not kept: the audit trail is the history."""
        raise Http404

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> None:
        return None


class ReadOnlyModelAdmin(ScopedModelAdmin):
    """For rows that are looked at in the admin and written elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
