"""Start a transfer for someone: from the branch, or by the letter that a person brought."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import ArrivalForm, AskForm
from ..models import Transfer
from ..queries.lists import movable
from .own import start


class TransferCreateView(ServiceFormMixin, FormView):
    """The branch starts the transfer of one of its people."""

    form_class, template_name = AskForm, "members/transfers/transfer_create.html"
    success_message = _("The transfer has begun. Check it next.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        member = movable(request.user).filter(pk=pk).first()
        if member is None or member.user_id == request.user.pk:
            raise Http404
        self.member = member
        return super().dispatch(request, *args, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.member}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"member": self.member}

    def perform(self, **data: Any) -> Transfer:
        return start(self.member, by=self.request.user, **data)


class ArrivalCreateView(ServiceFormMixin, FormView):
    """Register the letter of someone who comes from outside."""

    form_class, template_name = ArrivalForm, "members/transfers/arrival_create.html"
    success_message = _("The letter is registered. Check it and the file next.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights_of(request.user).holds(Duty.TRANSFER):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, *, number: str, letter_number: str, **data: Any) -> Transfer:
        today, destination = timezone.localdate(), data.pop("destination")
        return services.register_arrival(
            self.person, destination, number=letter_number, by=self.request.user, on=today, **data
        )

    def form_valid(self, form: Any) -> HttpResponse:
        self.person = form.person
        return super().form_valid(form)
