"""The list of mails that did not get through: looked at, and tried again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from portal.access.admin import ReadOnlyModelAdmin, site
from portal.access.policy import may, policy_of, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty

from . import delivery
from .models import Notice
from .registry import kinds


@admin.register(Notice, site=site)
class NoticeAdmin(ReadOnlyModelAdmin):
    """Deliveries that failed or are being tried again, without the text of the notice."""

    list_display = ["recipient", "kind", "mail_state", "mail_attempts", "mail_due_at", "mail_error"]
    list_filter = ["mail_state"]
    list_select_related = ["recipient", "message"]
    ordering = ["-pk"]
    fields = ["recipient", "kind", "created_at", "mail_state", "mail_attempts", "mail_due_at", "mail_error"]
    readonly_fields = fields
    actions = ["try_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        troubled = Notice.objects.exclude(mail_error="")
        return troubled.filter(policy_of(Notice).condition(request.user, "watch"))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if obj is not None:
            return may(request.user, "watch", obj)
        return rights_of(request.user).holds(Duty.KEEP_SETTINGS)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return rights_of(request.user).holds(Duty.KEEP_SETTINGS)

    @admin.display(description=_("kind"))
    def kind(self, notice: Notice) -> Any:
        found = kinds.get(notice.message.kind)
        return found.label if found else notice.message.kind

    @action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        allowed = scope(request.user, "retry", Notice).filter(pk__in=queryset.values("pk"))
        count = delivery.retry(list(allowed.values_list("pk", flat=True)))
        words = ngettext("%(count)d mail will be tried again.", "%(count)d mails will be tried again.", count)
        messages.success(request, words % {"count": count})
