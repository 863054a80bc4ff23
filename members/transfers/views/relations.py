"""People whose relation is not simply in place: the list, one state with its log, beginning, contact, end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from portal.access.policy import fetch, may
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import ContactLogForm, RelationEndForm, RelationFilterForm, RelationForm
from ..models import RelationContact, RelationPeriod
from ..queries.limits import under_limits
from ..queries.lists import away, movable, named


@require_GET
def relation_list(request: HttpRequest) -> HttpResponse:
    """Show who is kept, floating, abroad or lost, with the day of the next contact and the limit."""
    if not rights_of(request.user).holds(Duty.TRANSFER):
        raise PermissionDenied
    form = RelationFilterForm(request.GET)
    chosen = form.chosen
    rows = away(request.user, state=chosen.get("state", ""), current=not chosen.get("past"))
    if words := chosen.get("words"):
        rows = rows.filter(named(words))
    page = numbered_page(request, rows)
    page.object_list = under_limits(page.object_list, timezone.localdate())
    context = {
        "page": page,
        "filter_form": form,
        "filtered": bool(chosen),
        "address": reverse("members:transfers:relation-list"),
    }
    return render(request, "members/transfers/relation_list.html", context)


def _rows() -> Any:
    return RelationPeriod.objects.with_person().select_related("responsible__user")


@require_GET
def relation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one state with the log of contacts."""
    row = fetch(request.user, "view", RelationPeriod, queryset=_rows(), pk=pk)
    under_limits([row], timezone.localdate())
    context = {
        "row": row,
        "contacts": row.contacts.select_related("by")[:100],
        "contact_url": _address(request, row, "contact", "contact"),
        "end_url": _address(request, row, "change", "end"),
    }
    return render(request, "members/transfers/relation_detail.html", context)


def _address(request: HttpRequest, row: RelationPeriod, action: str, page: str) -> str:
    """Return the address of what the reader may do with a state that has not ended."""
    if row.until is not None or not may(request.user, action, row):
        return ""
    return reverse(f"members:transfers:relation-{page}", args=[row.pk])


class RelationCreateView(ServiceFormMixin, FormView):
    form_class, template_name = RelationForm, "members/transfers/relation_create.html"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        member = movable(request.user).filter(pk=pk).first()
        if member is None:
            raise Http404
        self.member = member
        return super().dispatch(request, *args, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.member}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"member": self.member}

    def perform(self, **data: Any) -> RelationPeriod:
        return services.begin_relation(
            self.member, data.pop("state"), by=self.request.user, on=timezone.localdate(), **data
        )


class _OneRelation(ServiceFormMixin, FormView):
    """A form about one state of a relation."""

    action = "change"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.row = fetch(request.user, self.action, RelationPeriod, queryset=_rows(), pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"row": self.row}

    def get_success_url(self) -> str:
        return self.row.get_absolute_url()


class ContactCreateView(_OneRelation):
    form_class, template_name, action = ContactLogForm, "members/transfers/relation_contact.html", "contact"

    def perform(self, **data: Any) -> RelationContact:
        made = services.record_contact(self.row, by=self.request.user, today=timezone.localdate(), **data)
        messages.success(self.request, _("The contact is recorded."))
        return made


class RelationEndView(_OneRelation):
    form_class, template_name = RelationEndForm, "members/transfers/relation_end.html"

    def perform(self, **data: Any) -> RelationPeriod:
        ended = services.end_relation(self.row, by=self.request.user, on=timezone.localdate(), **data)
        messages.success(self.request, _("The state has ended."))
        return ended
