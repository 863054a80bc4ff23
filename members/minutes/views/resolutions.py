"""Resolutions: noted in minutes, found again, followed to their end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch, may
from portal.web.pagination import KeysetPaginator, per_page_of
from portal.web.refusals import RuleError
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import ChangeForm, CloseForm, NoteForm, ResolutionFilterForm, ResolutionForm
from ..models import Resolution, ResolutionState
from ..queries.resolutions import listed, owners_for
from .lists import tabs_of
from .writing import _MinutesPage

WITH = ("organization", "owner", "minutes__organization", "minutes__meeting", "closed_by", "created_by")


@require_GET
def resolution_list(request: HttpRequest) -> HttpResponse:
    """Show the resolutions that the reader sees: one's own, those of one's meetings, and by duty."""
    form = ResolutionFilterForm(request.GET, by=request.user)
    chosen, today = form.chosen, timezone.localdate()
    page = KeysetPaginator(
        listed(request.user, on=today, **chosen), ("-due_on", "-pk"), per_page_of(request.GET)
    ).page(request.GET)
    context = {
        "page": page,
        "filter_form": form,
        "filtered": bool(chosen),
        "address": reverse("members:minutes:resolution-list"),
        "tabs": tabs_of(request.user, "resolutions"),
    }
    return render(request, "members/minutes/resolution_list.html", context)


@require_GET
def resolution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.user, "view", Resolution, queryset=Resolution.objects.select_related(*WITH), pk=pk)
    is_open = row.state == ResolutionState.OPEN
    context = {
        "resolution": row,
        "notes": list(row.notes.select_related("by")),
        "may_note": is_open and may(request.user, "note", row),
        "may_close": is_open and may(request.user, "close", row),
        "may_change": is_open and may(request.user, "change", row),
        "may_strike": not row.minutes.is_sealed and may(request.user, "write", row.minutes),
        "may_read": may(request.user, "view", row.minutes),
        "is_open": is_open,
    }
    return render(request, "members/minutes/resolution_detail.html", context)


class ResolutionCreateView(_MinutesPage):
    """Note a resolution while the minutes are still written."""

    form_class, template_name = ResolutionForm, "members/minutes/resolution_create.html"
    success_message = gettext_lazy("The resolution is noted.")

    def get_form_kwargs(self) -> dict[str, Any]:
        owners = owners_for(self.minutes, on=timezone.localdate())
        return {**super().get_form_kwargs(), "owners": owners}

    def get_success_message(self, data: dict[str, Any]) -> str:
        return str(self.success_message)

    def perform(self, **data: Any) -> Resolution:
        return services.resolve(self.minutes, by=self.request.user, **data)


class _ResolutionPage(ServiceFormMixin, FormView):
    template_name = "members/minutes/resolution_step.html"
    action = "note"
    title: Any = ""
    submit: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> Any:
        rows = Resolution.objects.select_related(*WITH)
        self.resolution = fetch(request.user, self.action, Resolution, queryset=rows, pk=pk)
        if self.resolution.state != ResolutionState.OPEN:
            raise RuleError(_("This resolution is closed."))
        return super().dispatch(request, *args, pk=pk, **kwargs)

    def get_success_url(self) -> str:
        return self.resolution.get_absolute_url()

    def get_success_message(self, data: dict[str, Any]) -> str:
        return str(self.success_message)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, resolution=self.resolution, step_title=self.title, submit_label=self.submit
        )


class ResolutionNoteView(_ResolutionPage):
    form_class = NoteForm
    title = gettext_lazy("Note how it goes on")
    submit = gettext_lazy("Note it")
    success_message = gettext_lazy("The progress is noted.")

    def perform(self, words: str) -> Any:
        return services.note(self.resolution, words=words, by=self.request.user)


class ResolutionCloseView(_ResolutionPage):
    action = "close"
    form_class = CloseForm
    title = gettext_lazy("Close the resolution")
    submit = gettext_lazy("Close the resolution")
    success_message = gettext_lazy("The resolution is closed.")

    def perform(self, state: str, words: str) -> Any:
        return services.close(
            self.resolution, state=state, words=words, by=self.request.user, on=timezone.localdate()
        )


class ResolutionChangeView(_ResolutionPage):
    """Give a resolution to somebody else, or more time."""

    action = "change"
    form_class = ChangeForm
    title = gettext_lazy("Hand over or postpone")
    submit = gettext_lazy("Save the change")
    success_message = gettext_lazy("The change is saved, and those concerned are told.")

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.resolution.owner_id, "due_on": self.resolution.due_on}

    def get_form_kwargs(self) -> dict[str, Any]:
        owners = owners_for(self.resolution.minutes, on=timezone.localdate())
        return {**super().get_form_kwargs(), "owners": owners}

    def perform(self, owner: Any, due_on: Any, words: str) -> Any:
        return services.change(self.resolution, owner=owner, due_on=due_on, words=words, by=self.request.user)


@require_POST
def resolution_strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a resolution out of minutes that are not sealed."""
    row = fetch(request.user, "view", Resolution, queryset=Resolution.objects.select_related(*WITH), pk=pk)
    minutes = fetch(request.user, "write", type(row.minutes), pk=row.minutes_id)
    services.strike(row, by=request.user)
    messages.success(request, _("The resolution is struck from the minutes."))
    return redirect(minutes)
