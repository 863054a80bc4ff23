"""The chain of a branch's minutes, checked anew, and its bound volumes."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import duty_scope, fetch, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page

from ..forms import YearForm
from ..models import BoundVolume, VolumeState
from ..queries.content import check_chain
from ..queries.volumes import by_branch, years_of
from ..rules import Fault
from ..services.binding import KEPT_DAYS, ask_volume, drop_volume
from .lists import tabs_of

SHOWN = 10
FAULTS = {
    Fault.MISSING: lambda: _("A link of the chain is missing."),
    Fault.LOOSE: lambda: _("A link does not follow the one before it."),
    Fault.CHANGED: lambda: _("What is recorded does not have its digest any more: it was changed after it was sealed."),
    Fault.CUT: lambda: _("The end of the chain is missing."),
    Fault.FILES: lambda: _("A file that was sealed with the minutes is missing or another one."),
}


def _node(request: HttpRequest, pk: int) -> Organization:
    """Return the organization whose minutes the reader may bind."""
    seen = duty_scope(request.user, Duty.SEE_MEETINGS) | duty_scope(request.user, Duty.HOLD_MEETINGS)
    found = seen.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@require_GET
def chain_list(request: HttpRequest) -> HttpResponse:
    """Show the organizations whose minutes the reader may bind, with what is still to be sealed of a year."""
    rights, this_year = rights_of(request.user), timezone.localdate().year
    if not (rights.holds(Duty.SEE_MEETINGS) or rights.holds(Duty.HOLD_MEETINGS)):
        raise PermissionDenied(_("Only those who keep or watch over meetings bind minutes."))
    form = YearForm(request.GET, this_year=this_year)
    year = int(form.chosen.get("year") or this_year)
    context = {
        "page": numbered_page(request, by_branch(request.user, year)),
        "filter_form": form,
        "year": year,
        "is_past": year < this_year,
        "address": reverse("members:minutes:chain-list"),
        "tabs": tabs_of(request.user, "volumes"),
    }
    return render(request, "members/minutes/chain_list.html", context)


@require_GET
def chain_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Recompute the chain of a branch, say whether it holds, and offer the years that can be bound."""
    node = _node(request, pk)
    verdict = check_chain(node)
    context = {
        "node": node,
        "verdict": verdict,
        "fault": FAULTS[verdict.fault]() if verdict.fault else "",
        "years": years_of(node),
        "volumes": list(scope(request.user, "view", BoundVolume).filter(organization=node).order_by("-pk")[:SHOWN]),
        "kept_days": KEPT_DAYS,
        "tabs": tabs_of(request.user, "volumes"),
    }
    return render(request, "members/minutes/chain_detail.html", context)


@require_POST
def volume(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Have the sealed minutes of a year bound; the page of the volume shows how far it is."""
    node = _node(request, pk)
    if not 1921 <= year <= 9998:
        raise Http404
    return redirect(ask_volume(node, year, by=request.user))


@require_GET
@never_cache
def volume_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a volume is, and the file once it is bound; the page asks itself again until then."""
    row = _volume(request, pk)
    context = {
        "volume": row,
        "words": _progress_words(row),
        "files": list(row.files.order_by("pk")) if row.state == VolumeState.READY else [],
        "kept_until": timezone.localdate(row.asked_at) + timedelta(days=KEPT_DAYS),
    }
    return render(request, "members/minutes/volume_detail.html", context)


@require_POST
def volume_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a volume, bound or not."""
    row = _volume(request, pk)
    drop_volume(row)
    messages.success(request, _("The volume is dropped. It can be bound again at any time."))
    return redirect("members:minutes:chain-detail", pk=row.organization_id)


def _volume(request: HttpRequest, pk: int) -> BoundVolume:
    return fetch(
        request.user, "view", BoundVolume, queryset=BoundVolume.objects.select_related("organization"), pk=pk
    )


def _progress_words(row: BoundVolume) -> str:
    if row.state == VolumeState.WAITING:
        return _("The volume waits for its turn.")
    if row.done < row.total or not row.total:
        return _("Checking the chain: %(done)s of %(total)s links.") % {"done": row.done, "total": row.total}
    return _("The chain is checked. Now the pages are set; a thick volume takes a minute.")
