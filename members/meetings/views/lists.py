"""The list of meetings: one's own, and those one sees by duty."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import KeysetPaginator, per_page_of

from ..forms import MeetingFilterForm
from ..forms.lists import KeptFilterForm, OrganizationForm
from ..models import Meeting
from ..queries.meetings import filtered, first_moment, keeps, kept, mine, with_parts
from ..words import tone_of

COMING, PAST = "coming", "past"


def chosen_rows(request: HttpRequest) -> tuple[Any, bool, Any]:
    """Return the meetings an address speaks of, whether they are the reader's own, and the organization named."""
    is_keeper = keeps(request.user)
    own = not is_keeper or request.GET.get("whose") == "mine"
    organization = None
    if not own:
        organization = OrganizationForm(request.GET, by=request.user).chosen.get("organization")
    return (mine(request.user) if own else kept(request.user)), own, organization


def view_tabs(request: HttpRequest, here: str, *, own: bool, organization: Any) -> list[dict[str, Any]]:
    """Return the ways of looking at meetings, each keeping whose they are."""
    kept_query: dict[str, Any] = {}
    if own and keeps(request.user):
        kept_query["whose"] = "mine"
    if organization is not None:
        kept_query["organization"] = organization.pk
    query = f"?{urlencode(kept_query)}" if kept_query else ""
    return [
        {"label": label, "url": reverse(f"members:meetings:{name}") + query, "current": name == here}
        for name, label in (
            ("meeting-list", _("List")), ("meeting-calendar", _("Month")), ("meeting-year", _("Year")),
        )
    ]  # fmt: skip


def whose_links(request: HttpRequest, here: str, own: bool) -> list[dict[str, Any]]:
    if not keeps(request.user):
        return []
    address = reverse(f"members:meetings:{here}")
    return [
        {"label": _("Of my organizations"), "url": address, "current": not own},
        {"label": _("Mine"), "url": f"{address}?whose=mine", "current": own},
    ]


@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Show meetings, those to come with the soonest first, past ones with the latest first."""
    rows, own, organization = chosen_rows(request)
    form = MeetingFilterForm(request.GET) if own else KeptFilterForm(request.GET)
    chosen = form.chosen
    when = PAST if request.GET.get("when") == PAST else COMING
    today = first_moment(timezone.localdate())
    rows = filtered(with_parts(rows), organization=organization, **chosen)
    if when == PAST:
        rows, order = rows.filter(planned_at__lt=today), ("-planned_at", "-pk")
    else:
        rows, order = rows.filter(planned_at__gte=today), ("planned_at", "pk")
    page = KeysetPaginator(rows, order, per_page_of(request.GET)).page(request.GET)
    rights = rights_of(request.user)
    address = reverse("members:meetings:meeting-list")
    base: dict[str, Any] = {}
    if own and keeps(request.user):
        base["whose"] = "mine"
    if organization is not None:
        base["organization"] = organization.pk
    context = {
        "page": page,
        "rows": [_row(meeting) for meeting in page],
        "filter_form": form,
        "filtered": bool(chosen),
        "organization": organization,
        "whose": whose_links(request, "meeting-list", own),
        "tabs": view_tabs(request, "meeting-list", own=own, organization=organization),
        "whens": [
            {"label": label, "url": f"{address}?{urlencode({**base, 'when': code})}", "current": when == code}
            for code, label in ((COMING, _("To come")), (PAST, _("Past")))
        ],
        "clear_url": f"{address}?{urlencode({**base, 'when': when})}" if chosen else "",
        "create_url": reverse("members:meetings:meeting-create") if rights.holds(Duty.HOLD_MEETINGS) else "",
        "template_url": reverse("members:meetings:template-list") if rights.holds(Duty.HOLD_MEETINGS) else "",
    }
    return render(request, "members/meetings/meeting_list.html", context)


def _row(meeting: Meeting) -> dict[str, Any]:
    """Return what a row says, so that the template asks nothing."""
    return {
        "meeting": meeting,
        "kinds": ", ".join(str(part.get_kind_display()) for part in meeting.parts.all()),
        "tone": tone_of(meeting.state),
    }
