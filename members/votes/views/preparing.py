"""Prepare a vote on a matter of the agenda."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from portal.web.views import ServiceFormMixin

from .. import forms, services
from ..models import MeetingVote
from ..rules import Purpose, form_of, purposes_in
from .fetching import item_to_vote_on, person_of


@require_GET
def vote_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the vote is about."""
    item = item_to_vote_on(request, pk)
    choices = [
        {
            "label": purpose.label,
            "note": form.rules[0].label,
            "url": reverse("members:votes:vote-create-about", args=[item.pk, purpose.value]),
        }
        for purpose in purposes_in(item.part.kind)
        if (form := form_of(purpose, item.part.kind))
    ]
    context = {"item": item, "meeting": item.meeting, "choices": choices}
    return render(request, "members/votes/vote_create.html", context)


class VoteCreateView(ServiceFormMixin, FormView):
    """Prepare a vote on a matter of the agenda."""

    template_name = "members/votes/vote_create_about.html"
    success_message = gettext_lazy("The vote is prepared. Open it when it is its turn.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, purpose: str) -> Any:
        self.item = item_to_vote_on(request, pk)
        if purpose not in purposes_in(self.item.part.kind):
            raise Http404
        self.purpose = Purpose(purpose)
        return super().dispatch(request, *args, pk=pk, purpose=purpose)

    def get_form(self, form_class: Any = None) -> Any:
        form = forms.FORMS[self.purpose]
        return form(**self.get_form_kwargs(), item=self.item, purpose=self.purpose, by=person_of(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"item": self.item, "meeting": self.item.meeting, "purpose": self.purpose.label}
        return super().get_context_data(**kwargs) | context

    def form_valid(self, form: Any) -> HttpResponse:
        form.cleaned_data = form.values()
        return super().form_valid(form)

    def perform(self, **data: Any) -> MeetingVote:
        return services.create_vote(self.item, purpose=self.purpose, by=person_of(self.request), **data)

    def get_success_message(self, data: dict[str, Any]) -> str:
        return str(self.success_message)
