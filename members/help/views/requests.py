"""Requests for help: ask, read, answer, give to somebody, close, open again; the list of those who hear members."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from portal.access.policy import fetch, may
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import HelpAskForm, HelpAssignForm, HelpCloseForm, HelpFilterForm, HelpReopenForm, HelpSayForm
from ..models import HelpMessage, HelpRequest
from ..queries.limits import promises_on
from ..queries.requests import asked_by, heard_by, looks_of, thread_of
from ..queries.talks import own_talks
from ..rules.promises import HelpState

SHOWN = 20


@require_GET
def my_help(request: HttpRequest) -> HttpResponse:
    """Show one's own requests and talks: what waits, what was promised."""
    rights = rights_of(request.user)
    context = {
        "requests": list(asked_by(request.user)[:SHOWN]),
        "talks": list(own_talks(request.user)[:SHOWN]),
        "today": timezone.localdate(),
        "ask_url": reverse("members:help:request-ask") if rights.organization_id else "",
        "talk_url": reverse("members:help:talk-create") if rights.standing in PARTY_STANDINGS else "",
    }
    for talk in context["talks"]:
        talk.partner = talk.other_of(request.user.pk)
        talk.waits_for_me = talk.state == "held" and not talk.has_confirmed(request.user.pk)
    return render(request, "members/help/my_help.html", context)


PARTY_STANDINGS = ("probationary", "full_member")


class RequestAskView(ServiceFormMixin, FormView):
    """Ask the own branch."""

    form_class, template_name = HelpAskForm, "members/help/request_ask.html"
    success_message = gettext_lazy("Your branch has been told. You find the answer here.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights_of(request.user).organization_id:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"promises": promises_on(timezone.localdate())}

    def perform(self, **data: Any) -> HelpRequest:
        return services.ask_help(self.request.user, on=timezone.localdate(), **data)


@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """Show the requests that one hears by duty or was given."""
    user = request.user
    if not (rights_of(user).holds(Duty.HEAR_MEMBERS) or heard_by(user).exists()):
        raise PermissionDenied
    form, today = HelpFilterForm(request.GET), timezone.localdate()
    chosen, rows = form.chosen, heard_by(user)
    if chosen.get("state") == "overdue":
        rows = rows.overdue(today)
    elif state := chosen.get("state"):
        rows = rows.filter(state=state)
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    page = numbered_page(request, rows)
    context = {
        "page": page,
        "filter_form": form,
        "filtered": bool(chosen),
        "today": today,
        "address": reverse("members:help:request-list"),
        "clear_url": reverse("members:help:request-list") if chosen else "",
    }
    return render(request, "members/help/request_list.html", context)


def page_of(request: HttpRequest, row: HelpRequest) -> dict[str, Any]:
    """Return what the page of a request shows to this reader."""
    user, own = request.user, request.user.pk == row.requester_id
    is_closed = row.state == HelpState.CLOSED
    return {
        "row": row,
        "own": own,
        "today": timezone.localdate(),
        "thread": list(thread_of(row)),
        "looks": looks_of(row, user) if own else [],
        "is_closed": is_closed,
        "assign_url": reverse("members:help:request-assign", args=[row.pk])
        if not is_closed and not own and may(user, "assign", row)
        else "",
        "close_url": reverse("members:help:request-close", args=[row.pk]) if own and not is_closed else "",
        "reopen_url": reverse("members:help:request-reopen", args=[row.pk])
        if own and row.state in (HelpState.CLOSED, HelpState.ANSWERED)
        else "",
    }


@require_GET
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request with its thread; that somebody else reads it is recorded."""
    row = fetch(request.user, "view", HelpRequest, queryset=HelpRequest.objects.with_people(), pk=pk)
    services.look(row, by=request.user)
    context = page_of(request, row) | {"form": HelpSayForm(by=request.user)}
    return render(request, "members/help/request_detail.html", context)


class _OneRequest(ServiceFormMixin, FormView):
    """A form about one request."""

    action = "say"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.row = fetch(request.user, self.action, HelpRequest, queryset=HelpRequest.objects.with_people(), pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"row": self.row}

    def get_success_url(self) -> str:
        return self.row.get_absolute_url()


class RequestSayView(_OneRequest):
    form_class, template_name = HelpSayForm, "members/help/request_detail.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        services.look(self.row, by=self.request.user)
        return super().get_context_data(**kwargs) | page_of(self.request, self.row)

    def perform(self, **data: Any) -> HelpMessage:
        line = services.say(self.row, by=self.request.user, on=timezone.localdate(), **data)
        messages.success(self.request, _("Your words are in the thread, and the other side has been told."))
        return line


class RequestAssignView(_OneRequest):
    form_class, template_name, action = HelpAssignForm, "members/help/request_step.html", "assign"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"row": self.row}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": _("Give the request to somebody"), "submit": _("Give it to this person")}
        return super().get_context_data(**kwargs) | words

    def perform(self, **data: Any) -> HelpRequest:
        return services.assign(self.row, by=self.request.user, on=timezone.localdate(), **data)


class RequestCloseView(_OneRequest):
    form_class, template_name, action = HelpCloseForm, "members/help/request_step.html", "close"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": _("Close my request"), "submit": _("Close it: it is settled")}
        return super().get_context_data(**kwargs) | words

    def perform(self, **data: Any) -> HelpRequest:
        return services.close(self.row, by=self.request.user, on=timezone.localdate(), **data)


class RequestReopenView(_OneRequest):
    form_class, template_name, action = HelpReopenForm, "members/help/request_step.html", "reopen"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": _("Open my request again"), "submit": _("Open it again")}
        return super().get_context_data(**kwargs) | words

    def perform(self, **data: Any) -> HelpRequest:
        return services.reopen(self.row, by=self.request.user, on=timezone.localdate(), **data)
