"""The list of transfers in one's care: out and in, with clocks, whose turn it is and who answers today."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import numbered_page

from ..forms import TransferFilterForm
from ..models import Transfer
from ..policies import sides_of
from ..queries.lists import filtered, known_to
from ..rules.states import turn_of
from ..services.settling import side_words


@require_GET
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Show the transfers of the reader's nodes, filtered by the address; those whose clock runs out come first."""
    rights = rights_of(request.user)
    if not (rights.holds(Duty.TRANSFER) or rights.holds(Duty.ISSUE_LETTERS)):
        raise PermissionDenied
    today = timezone.localdate()
    form = TransferFilterForm(request.GET, by=request.user)
    chosen = form.chosen
    rows = filtered(known_to(request.user), request.user, on=today, **chosen).order_by("closed_on", "expires_on", "-pk")
    page = numbered_page(request, rows)
    address = reverse("members:transfers:transfer-list")
    here = chosen.get("direction", "")
    context = {
        "page": page,
        "rows": [_row(request, transfer, today) for transfer in page],
        "filter_form": form,
        "filtered": bool(chosen),
        "chosen": chosen,
        "address": address,
        "tabs": [
            {"label": label, "url": f"{address}?direction={code}" if code else address, "current": here == code}
            for code, label in (("", _("All")), ("out", _("Leaving")), ("in", _("Coming")))
        ],
        "batch_url": reverse("members:transfers:batch-create") if rights.holds(Duty.TRANSFER) else "",
        "arrival_url": reverse("members:transfers:arrival-create") if rights.holds(Duty.TRANSFER) else "",
    }
    return render(request, "members/transfers/transfer_list.html", context)


def _row(request: HttpRequest, transfer: Transfer, today: Any) -> dict[str, Any]:
    """Return what a row says, so that the template asks nothing."""
    turn = turn_of(transfer.route, transfer.state)
    return {
        "transfer": transfer,
        "clock": transfer.clock(today),
        "answering": transfer.answering(today),
        "mine": bool(turn & sides_of(request.user, transfer)),
        "turn": ", ".join(side_words(transfer, side) for side in sorted(turn)),
    }
