"""Accounts in the admin: fixed fields, no flags, and no password but the one its owner chooses."""

from typing import Any

from allauth.account.internal.flows.password_reset import request_password_reset
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.access.admin import ScopedModelAdmin, site
from portal.access.policy import scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty

from . import services
from .models import User


@admin.register(User, site=site)
class UserAdmin(ScopedModelAdmin):
    """Those who keep accounts change them; others find the people they may see, and nothing to change."""

    list_display = ("number", "name", "is_active")
    list_filter = ("is_active",)
    search_fields = ("number", "name")
    ordering = ("number",)
    fields = ("number", "name", "email", "is_active")
    actions = ("send_reset_mail", "unlock")

    def _keeps(self, request: HttpRequest) -> bool:
        return rights_of(request.user).holds(Duty.KEEP_ACCOUNTS)

    def _holds(self, request: HttpRequest, action: str) -> bool:
        seen = action == "view" and rights_of(request.user).holds(Duty.SEE_PEOPLE)
        return seen or (action in ("view", "add", "change") and self._keeps(request))

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if not self._keeps(request):
            return ("number", "name", "is_active")
        return ("number", "name", "email") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Keep the address of people with duties out of other hands: a reset mail to it opens their account."""
        if obj is not None and obj.pk != request.user.pk and rights_of(obj).has_duties:
            return ("email",) if self._keeps(request) else ()
        return ()

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        data = {name: form.cleaned_data[name] for name in services.KEPT_FIELDS if name in form.cleaned_data}
        if change:
            services.change_account(obj, by=request.user, **data)
        else:
            data.pop("is_active", None)
            obj.pk = services.create_account(by=request.user, **data).pk

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found if self._keeps(request) else {}

    @admin.action(description=_("Send the mail for a new password"))
    def send_reset_mail(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        sent = 0
        for user in self._chosen(request, queryset).exclude(email=None)[:100]:
            request_password_reset(request, user.email, [user], None)
            services.reset_sent(user, by=request.user)
            sent += 1
        words = ngettext("The mail was sent to %(count)d person.", "The mail was sent to %(count)d people.", sent)
        self.message_user(request, words % {"count": sent}, messages.SUCCESS if sent else messages.WARNING)

    @admin.action(description=_("Lift the lock after wrong passwords"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        lifted = sum(services.unlock(user, by=request.user) for user in self._chosen(request, queryset)[:100])
        words = ngettext("%(count)d account was unlocked.", "%(count)d accounts were unlocked.", lifted)
        self.message_user(request, words % {"count": lifted}, messages.SUCCESS)

    def _chosen(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Return those of ``queryset`` whose accounts the person keeps."""
        if not rights_of(request.user).holds(Duty.KEEP_ACCOUNTS):
            raise PermissionDenied
        return scope(request.user, "change", User).filter(pk__in=queryset.values("pk"), is_active=True)
