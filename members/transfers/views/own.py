"""One's own transfer: ask for it, see where it stands and who answers, in plain words."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from members.models import Member
from portal.access.policy import scope
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import AskForm
from ..models import RelationPeriod, Transfer
from ..queries.lists import of_person
from ..queries.people import responsible_for
from ..rules.states import Kind, Side, Verb, allowed
from ..stages import plain_words, stages

SHOWN = 20


def own_member(request: HttpRequest) -> Member | None:
    """Return the archive of whoever asks; accounts of offices may have none."""
    return scope(request.user, "ask", Member).with_person().first()


@require_GET
def my_transfer(request: HttpRequest) -> HttpResponse:
    """Show the transfer under way with its clock and the next step, those of the past, and who answers today."""
    member = own_member(request)
    if member is None:
        return render(request, "members/transfers/my_transfer_none.html")
    today = timezone.localdate()
    transfers = list(of_person(member.user)[:SHOWN])
    current = next((transfer for transfer in transfers if transfer.is_open), None)
    context: dict[str, Any] = {
        "member": member,
        "current": current,
        "past": [transfer for transfer in transfers if not transfer.is_open],
        "responsible": responsible_for(member, transfers, on=today),
        "relation": scope(request.user, "view", RelationPeriod).current().filter(person=member).first(),
        "ask_url": reverse("members:transfers:transfer-ask") if current is None and member.organization else "",
    }
    if current is not None:
        context |= {
            "clock": current.clock(today),
            "stages": stages(current),
            "words": plain_words(current),
            "may_withdraw": Verb.WITHDRAW in allowed(current.route, current.state, [Side.PERSON]),
        }
    return render(request, "members/transfers/my_transfer.html", context)


class TransferAskView(ServiceFormMixin, FormView):
    """The person asks for the own transfer."""

    form_class, template_name = AskForm, "members/transfers/transfer_ask.html"
    success_url = reverse_lazy("members:transfers:my-transfer")
    success_message = _("Your branch has been told. It checks dues, open matters and the file first.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = own_member(request)
        if member is None or member.organization is None:
            raise Http404
        self.member = member
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.member}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"member": self.member}

    def perform(self, **data: Any) -> Transfer:
        return start(self.member, by=self.request.user, **data)


def start(
    member: Member,
    *,
    kind: str,
    by: Any,
    destination: Any = None,
    committee: str = "",
    unit: str = "",
    reason: str = "",
) -> Transfer:
    """Call the verb that fits the kind chosen."""
    today = timezone.localdate()
    if kind == Kind.TRANSFER_OUT:
        return services.ask_transfer_out(member, committee=committee, unit=unit, reason=reason, by=by, on=today)
    return services.ask_move(member, destination, reason=reason, by=by, on=today)
