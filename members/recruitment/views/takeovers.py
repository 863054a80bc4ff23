"""Cases taken over from paper: how to bring a list, which lists came, and what is missing in the files."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch
from portal.access.rights import AnyUser, rights_of
from portal.imports.exports import workbook_response
from portal.imports.registry import kinds
from portal.organizations.duties import Duty
from portal.web.pagination import numbered_page

from .. import exports
from ..models import Batch, BatchKind
from ..queries.takeovers import cases_of, reports_of, takeovers

KIND = "recruitment-cases"


def takeover_url(user: AnyUser) -> str:
    """Return where ``user`` brings running cases in, or nothing for somebody who does not."""
    kind = kinds.get(KIND)
    return reverse("members:recruitment:takeover-list") if kind and kind.offered_to(user) else ""


def _batch(request: HttpRequest, pk: int) -> Batch:
    rows = Batch.objects.select_related("organization", "made_by")
    return fetch(request.user, "view", Batch, queryset=rows, pk=pk, kind=BatchKind.TAKEOVER)


@require_GET
@never_cache
def takeover_list(request: HttpRequest) -> HttpResponse:
    """Tell how running cases come into the portal, and list those that came."""
    if not takeover_url(request.user):
        raise PermissionDenied(_("Running cases are taken over by those who import rosters and keep recruitment."))
    context = {"page": numbered_page(request, takeovers(request.user)), "kind": KIND}
    return render(request, "members/recruitment/takeover_list.html", context)


@require_GET
@never_cache
def takeover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Say person by person what is missing in the files of a list."""
    batch = _batch(request, pk)
    page = numbered_page(request, cases_of(request.user, batch))
    context = {
        "batch": batch,
        "page": page,
        "reports": reports_of(page.object_list, timezone.localdate()),
        "may_export": rights_of(request.user).holds_on(Duty.EXPORT_LISTS, batch.organization.path),
    }
    return render(request, "members/recruitment/takeover_detail.html", context)


@require_POST
def takeover_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send what is missing as a workbook; the taking along is recorded."""
    batch, today = _batch(request, pk), timezone.localdate()
    if not rights_of(request.user).holds_on(Duty.EXPORT_LISTS, batch.organization.path):
        raise PermissionDenied
    taken = exports.missing_workbook(cases_of(request.user, batch), batch, by=request.user, on=today)
    return workbook_response(taken, batch.organization, _("Missing in the files"), on=today)
