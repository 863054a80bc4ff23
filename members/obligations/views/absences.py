"""Who of a branch has been away for months: shown to its officers alone."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import fetch
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page

from ..addresses import year_url
from ..kinds import DutyKind
from ..policies import keeps_here
from ..queries.absences import absences
from ..queries.places import Place, windows_of
from ..queries.reading import read


@require_GET
def absence_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who of a branch has been away for months: to those who hold an office on it, to nobody above."""
    node = fetch(request.user, "hold_meetings", Organization, pk=pk)
    if not node.is_branch or not keeps_here(request.user, node):
        raise PermissionDenied(_("Only the officers of the branch see who has been away."))
    today, place = timezone.localdate(), Place((node.path,), exact=True)
    rules = read(place, windows_of(today, today), on=today, kinds=[DutyKind.THEME_PARTY_DAY]).ruleset
    months = rules.amount("life.absent_first"), rules.amount("life.absent_second")
    context = {
        "node": node,
        "page": numbered_page(request, absences(place, on=today, months=months)),
        "months": months[0],
        "year_url": year_url(node),
    }
    return render(request, "members/obligations/absence_list.html", context)
