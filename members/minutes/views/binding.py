"""The chain of a branch's minutes, checked anew, and its bound volumes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import duty_scope
from portal.audit import services as audit
from portal.documents.responses import paper_response
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from ..papers import VOLUME
from ..queries.content import check_chain
from ..queries.volumes import volume_of, years_of
from ..rules import Fault
from .lists import tabs_of

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
def chain_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Recompute the chain of a branch, say whether it holds, and offer the years that can be bound."""
    node = _node(request, pk)
    verdict = check_chain(node)
    context = {
        "node": node,
        "verdict": verdict,
        "fault": FAULTS[verdict.fault]() if verdict.fault else "",
        "years": years_of(node),
        "tabs": tabs_of(request.user, "volumes"),
    }
    return render(request, "members/minutes/chain_detail.html", context)


@require_POST
def volume(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Send the sealed minutes of a year as one PDF with contents and digests."""
    node = _node(request, pk)
    if not 1921 <= year <= 9998:
        raise Http404
    facts = volume_of(node, year)
    if not facts.sheets:
        raise RuleError(_("No minutes of this year are sealed yet."))
    response = paper_response(VOLUME, facts, format="pdf", name=f"{node.name} {year}年会议记录汇编")
    audit.record(
        "minutes.volume.exported", node, by=request.user, at=node, changes={"year": [None, year]}
    )
    return response
