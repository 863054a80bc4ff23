"""The agenda of one meeting: add, change, order and strike matters."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.web.views import ServiceFormMixin

from .. import forms, services
from ..models import AgendaItem, Meeting, MeetingState
from ..queries.meetings import for_page


def _items() -> Any:
    return AgendaItem.objects.select_related("meeting__organization", "part", "presenter")


class _AgendaFormView(ServiceFormMixin, FormView):
    form_class, template_name = forms.AgendaItemForm, "members/meetings/agenda_form.html"
    meeting: Meeting
    item: AgendaItem | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"meeting": self.meeting, "by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"meeting": self.meeting, "item": self.item}

    def get_success_url(self) -> str:
        if self.meeting.state == MeetingState.IN_SESSION:
            return reverse("members:meetings:session", args=[self.meeting.pk])
        return reverse("members:meetings:meeting-detail", args=[self.meeting.pk]) + "#agenda"


class AgendaCreateView(_AgendaFormView):
    """Add a matter."""

    success_message = _("The matter is on the agenda.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.meeting = fetch(request.user, "lead", Meeting, queryset=for_page(request.user), pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def perform(self, **data: Any) -> AgendaItem:
        return services.add_item(self.meeting, by=self.request.user, **data)


class AgendaEditView(_AgendaFormView):
    """Change a matter."""

    success_message = _("The matter is changed.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.item = fetch(request.user, "lead", AgendaItem, queryset=_items(), pk=pk)
        self.meeting = self.item.meeting
        return super().dispatch(request, *args, pk=pk)

    def get_initial(self) -> dict[str, Any]:
        assert self.item is not None
        return {
            "title": self.item.title, "part": self.item.part_id, "minutes": self.item.minutes,
            "presenter": self.item.presenter_id, "words": self.item.words,
        }  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.item is not None
        seen = self.request.POST.get("seen") or services.fingerprint_of_item(self.item)
        return super().get_context_data(**kwargs) | {"seen": seen}

    def perform(self, **data: Any) -> AgendaItem:
        assert self.item is not None
        return services.edit_item(self.item, seen=self.request.POST.get("seen") or None, by=self.request.user, **data)


def _back(item: AgendaItem) -> HttpResponse:
    return HttpResponseRedirect(reverse("members:meetings:meeting-detail", args=[item.meeting_id]) + "#agenda")


@require_POST
def agenda_move(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """Let a matter change places with its neighbor."""
    item = fetch(request.user, "lead", AgendaItem, queryset=_items(), pk=pk)
    services.move_item(item, way, by=request.user)
    return _back(item)


@require_http_methods(["GET", "POST"])
def agenda_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether the matter shall be struck, and strike it."""
    item = fetch(request.user, "lead", AgendaItem, queryset=_items().prefetch_related("files"), pk=pk)
    if request.method == "POST":
        services.remove_item(item, by=request.user)
        return _back(item)
    papers = [gettext("Its paper is deleted: %(name)s") % {"name": file.name} for file in item.files.all()]
    context = {"meeting": item.meeting, "item": item, "effects": papers}
    return render(request, "members/meetings/agenda_remove.html", context)
