"""A superior waives a duty, or takes a waiver back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.organizations.models import Organization
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import RevokeForm, WaiverForm
from ..models import Waiver
from ..policies import is_superior
from ..queries.one import obligation_of
from ..services.waivers import refusal_of
from ..wording import period_words, reasons_of
from .addressing import duty_in


class _OfDutyMixin:
    """Leads back to the page of the duty."""

    def back(self, node: Organization, kind: str, period: str) -> str:
        return reverse("members:obligations:duty", args=[node.pk, kind, period])


class WaiverCreateView(_OfDutyMixin, ServiceFormMixin, FormView):
    """Waive a duty of a node below one's own."""

    form_class, template_name = WaiverForm, "members/obligations/waiver_create.html"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, kind: str, period: str) -> HttpResponseBase:
        self.node = fetch(request.user, "supervise_life", Organization, pk=pk)
        if not is_superior(request.user, self.node):
            raise PermissionDenied(_("What an organization owes is waived by the one above it."))
        self.kind, self.period = duty_in(kind, period)
        return super().dispatch(request, *args)

    def perform(self, reason: str) -> None:
        services.waive(
            self.node, self.kind, self.period, reason=reason, by=self.request.user, on=timezone.localdate()
        )
        messages.success(self.request, _("The duty is waived."))

    def get_success_url(self) -> str:
        return self.back(self.node, self.kind, self.period.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        owed = obligation_of(self.node, self.kind, self.period, on=today)
        return super().get_context_data(
            node=self.node,
            kind=self.kind,
            period_words=period_words(self.period),
            refusal=refusal_of(owed, today),
            reasons=reasons_of(owed) if owed else [],
            back_url=self.get_success_url(),
            **kwargs,
        )


class WaiverRevokeView(_OfDutyMixin, ServiceFormMixin, FormView):
    """Take a waiver back: the duty stands again."""

    form_class, template_name = RevokeForm, "members/obligations/waiver_revoke.html"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponseBase:
        rows = Waiver.objects.select_related("organization", "by")
        self.waiver = fetch(request.user, "revoke", Waiver, queryset=rows, pk=pk)
        if not is_superior(request.user, self.waiver.organization):
            raise PermissionDenied(_("What an organization owes is waived by the one above it."))
        return super().dispatch(request, *args)

    def perform(self, words: str) -> None:
        services.revoke(self.waiver, words=words, by=self.request.user, on=timezone.localdate())
        messages.success(self.request, _("The waiver is taken back; the duty stands again."))

    def get_success_url(self) -> str:
        return self.back(self.waiver.organization, self.waiver.kind, self.waiver.period)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        period = self.waiver.kept_period
        return super().get_context_data(
            waiver=self.waiver,
            node=self.waiver.organization,
            period_words=period_words(period) if period else self.waiver.period,
            back_url=self.get_success_url(),
            **kwargs,
        )
