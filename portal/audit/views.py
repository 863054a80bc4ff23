"""The trail for those who audit, and for each person what concerns their own record."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.policy import scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import KeysetPaginator, per_page_of

from .exports import lines
from .forms import HistoryFilterForm
from .models import AuditEntry
from .services import LOOKS, record


def _form(request: HttpRequest) -> HistoryFilterForm:
    if not rights_of(request.user).holds(Duty.READ_AUDIT):
        raise PermissionDenied(_("Only those who read the audit trail may do this."))
    return HistoryFilterForm(request.GET, user=request.user)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show what was done on the nodes whose trail the person reads, newest first."""
    form = _form(request)
    rows = scope(request.user, "view", AuditEntry).filter(form.condition()).select_related("organization")
    context = {
        "filter_form": form,
        "filtered": form.narrows,
        "page": KeysetPaginator(rows, ("-pk",), per_page_of(request.GET, 50)).page(request.GET),
    }
    return render(request, "portal/audit/history.html", context)


@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the rows that the filters in the address leave, as text; that it was done is itself recorded."""
    form = _form(request)
    rows = scope(request.user, "view", AuditEntry).filter(form.condition())
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    record("audit.exported", None, by=request.user, changes={name: ["", value] for name, value in asked.items()})
    response = StreamingHttpResponse(lines(rows), content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate():%Y%m%d}.jsonl"'
    return response


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show each person who looked at their record and what was changed in it."""
    rows = scope(request.user, "mine", AuditEntry)
    looks = request.GET.get("show") == "looks"
    if looks:
        rows = rows.filter(LOOKS)
    context = {
        "looks": looks,
        "tabs": [
            {"label": _("Everything"), "url": "?", "current": not looks},
            {"label": _("Looks at my data"), "url": "?show=looks", "current": looks},
        ],
        "page": KeysetPaginator(rows, ("-pk",), per_page_of(request.GET)).page(request.GET),
    }
    return render(request, "portal/audit/mine.html", context)
