"""One's own record: read it, open it, ask for corrections."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.policy import scope, with_power
from portal.web.views import ServiceFormMixin

from .. import queries
from ..corrections import ask_correction
from ..forms import CorrectionForm
from ..models import CorrectionRequest, Member
from ..services import open_own
from .people import page_of

SHOWN_REQUESTS = 20


def own_member(request: HttpRequest) -> Member | None:
    """Return the archive of whoever asks; accounts of offices may have none."""
    people = scope(request.user, "ask", Member).with_person().select_related("photo")
    return with_power(people, request.user, "read").first()


def _own_page(request: HttpRequest, **more: Any) -> HttpResponse:
    member = own_member(request)
    if member is None:
        return render(request, "members/my_record_none.html")
    context = page_of(member, request)
    context["corrections"] = (
        scope(request.user, "view", CorrectionRequest)
        .filter(member=member)
        .select_related("answered_by")[:SHOWN_REQUESTS]
    )
    context |= {"opened": []} | more
    return render(request, "members/my_record.html", context)


@require_GET
def my_record(request: HttpRequest) -> HttpResponse:
    """Show a person the own archive; the sensitive fields stay masked until asked for, in case of an open screen."""
    return _own_page(request)


@require_POST
def my_record_open(request: HttpRequest) -> HttpResponse:
    """Show the own sensitive fields in full on this one answer."""
    member = own_member(request)
    if member is None:
        raise Http404
    opened = open_own(member, by=request.user)
    facts = [queries.Fact(name, Member._meta.get_field(name).verbose_name, value) for name, value in opened.items()]
    return _own_page(request, opened=facts)


class CorrectionAskView(ServiceFormMixin, FormView):
    form_class, template_name = CorrectionForm, "members/correction_ask.html"
    success_url = reverse_lazy("members:my-record")
    success_message = _("Your request was sent to those who keep your archive.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = own_member(request)
        if member is None:
            raise Http404
        self.member = member
        return super().dispatch(request, *args, **kwargs)

    def perform(self, field: str, words: str) -> CorrectionRequest:
        return ask_correction(self.member, field=field, words=words, by=self.request.user)
