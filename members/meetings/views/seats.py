"""Remarks on seats: who need not attend, whose vote rests, who is not counted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import forms, services
from ..models import SeatRemark
from .nodes import choose_node, named_node


@require_GET
def remark_list(request: HttpRequest) -> HttpResponse:
    """Show what holds and held in the reader's organizations."""
    if not rights_of(request.user).holds(Duty.HOLD_MEETINGS):
        raise PermissionDenied
    rows = scope(request.user, "hold", SeatRemark).select_related("user", "organization")
    page = numbered_page(request, rows.order_by("-since", "-pk"))
    return render(request, "members/meetings/remark_list.html", {"page": page, "today": timezone.localdate()})


class RemarkCreateView(ServiceFormMixin, FormView):
    """Record a remark."""

    form_class, template_name = forms.RemarkForm, "members/meetings/remark_form.html"
    success_message = _("The remark is kept and counts for every meeting from that day on.")
    organization: Organization

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights_of(request.user).holds(Duty.HOLD_MEETINGS):
            raise PermissionDenied
        node = named_node(request)
        if node is None:
            return choose_node(request, _("Add a remark"))
        self.organization = node
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.organization, "by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"since": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"organization": self.organization}

    def perform(self, *, person: Any, **data: Any) -> SeatRemark:
        return services.remark_seat(person, self.organization, by=self.request.user, **data)

    def get_success_url(self) -> str:
        return reverse("members:meetings:remark-list")


@require_POST
def remark_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a remark end today."""
    rows = SeatRemark.objects.select_related("organization", "user")
    remark = fetch(request.user, "hold", SeatRemark, queryset=rows, pk=pk)
    services.end_remark(remark, on=timezone.localdate(), by=request.user)
    messages.success(request, _("The remark has ended."))
    return HttpResponseRedirect(reverse("members:meetings:remark-list"))
