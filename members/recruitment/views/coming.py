"""What the schedule will tell: to the reader in all cases, and of one case to everybody concerned."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import fetch
from portal.web.pagination import numbered_page

from ..models import Case
from ..queries.coming import AHEAD, coming_for, coming_of


@require_GET
def coming_list(request: HttpRequest) -> HttpResponse:
    """Show what the reader will be told in the next weeks, and what is late; all of it or that alone."""
    rows = coming_for(request.user, timezone.localdate())  # type: ignore[arg-type]
    late = [row for row in rows if row.is_late]
    only_late = request.GET.get("show") == "late"
    address = reverse("members:recruitment:coming-list")
    context = {
        "page": numbered_page(request, late if only_late else rows),
        "days": AHEAD.days,
        "tabs": [
            {"label": _("Everything"), "url": address, "current": not only_late, "count": len(rows)},
            {"label": _("Late"), "url": f"{address}?show=late", "current": only_late, "count": len(late)},
        ],
    }
    return render(request, "members/recruitment/coming_list.html", context)


@require_GET
def case_coming(request: HttpRequest, pk: int) -> HttpResponse:
    """Show those who keep a case what will be told of it, to whom and when."""
    case = fetch(request.user, "view", Case, queryset=Case.objects.with_people(), pk=pk)
    rows = coming_of(case, timezone.localdate())
    return render(request, "members/recruitment/case_coming.html", {"case": case, "rows": rows, "days": AHEAD.days})
