"""Find any minutes again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import KeysetPaginator, per_page_of

from ..forms import MinutesFilterForm
from ..queries.finding import Wanted, excerpts, found


@require_GET
def minutes_list(request: HttpRequest) -> HttpResponse:
    """Show the minutes that the reader may view, newest first, narrowed by what the address asks for."""
    form = MinutesFilterForm(request.GET, by=request.user)
    chosen = form.chosen
    rows = found(request.user, Wanted(**chosen)).select_related("organization", "chair").defer("facts", "speeches")
    page = KeysetPaginator(rows, ("-held_at", "-pk"), per_page_of(request.GET)).page(request.GET)
    address = reverse("members:minutes:minutes-list")
    marked = excerpts(page, chosen.get("words", ""))
    context = {
        "page": page,
        "rows": [(row, marked.get(row.pk, "")) for row in page],
        "filter_form": form,
        "filtered": bool(chosen),
        "address": address,
        "tabs": tabs_of(request.user, "minutes"),
    }
    return render(request, "members/minutes/minutes_list.html", context)


def tabs_of(user: AnyUser, here: str) -> list[dict[str, Any]]:
    """Return the tabs of the room, of which ``here`` is shown."""
    rights = rights_of(user)
    found = [
        ("minutes", _("Minutes"), reverse("members:minutes:minutes-list")),
        ("resolutions", _("Resolutions"), reverse("members:minutes:resolution-list")),
    ]
    kept = {path for duty in (Duty.SEE_MEETINGS, Duty.HOLD_MEETINGS) for path in rights.duties.get(str(duty), ())}
    if kept == {rights.organization_path} and rights.organization_id:
        own = reverse("members:minutes:chain-detail", args=[rights.organization_id])
        found.append(("volumes", _("Bound volumes"), own))
    elif kept:
        found.append(("volumes", _("Bound volumes"), reverse("members:minutes:chain-list")))
    return [{"label": label, "url": url, "current": code == here} for code, label, url in found]

