"""Calendars to subscribe to: make an address, revoke it, and the file behind it."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from portal.access.policy import fetch, scope

from .. import services
from ..ical import calendar_of
from ..models import CalendarFeed, Meeting, MeetingState
from ..queries.meetings import filtered, mine, subscribable, with_parts
from ..services.subscribing import feed_for

BACK_DAYS, AHEAD_DAYS, MOST = 90, 400, 500


@require_GET
def feed_list(request: HttpRequest) -> HttpResponse:
    """Show the reader's calendars, and offer those that are missing."""
    rows = scope(request.user, "view", CalendarFeed).filter(revoked_at=None).select_related("organization")
    context = {
        "feeds": list(rows.order_by("organization__path", "pk")),
        "nodes": subscribable(request.user),
        "address": "",
        "made": None,
    }
    return render(request, "members/meetings/feed_list.html", context)


@require_POST
def feed_make(request: HttpRequest) -> HttpResponse:
    """Make an address and show it once."""
    organization = None
    if named := request.POST.get("organization", ""):
        organization = next((node for node in subscribable(request.user) if str(node.pk) == named), None)
        if organization is None:
            raise PermissionDenied(_("You may not subscribe to the meetings of this organization."))
    made, token = services.make_feed(request.user, organization, at=timezone.now())
    rows = scope(request.user, "view", CalendarFeed).filter(revoked_at=None).select_related("organization")
    path = reverse("members:meetings:feed", args=[token])
    context = {
        "feeds": list(rows.order_by("organization__path", "pk")),
        "nodes": subscribable(request.user),
        "address": request.build_absolute_uri(path),
        "made": made,
    }
    response = render(request, "members/meetings/feed_list.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of the own calendars."""
    rows = CalendarFeed.objects.select_related("organization", "user")
    row = fetch(request.user, "revoke", CalendarFeed, queryset=rows, pk=pk)
    services.revoke_feed(row, by=request.user, at=timezone.now())
    messages.success(request, _("The calendar is revoked. Whoever has its address reads nothing any more."))
    return HttpResponseRedirect(reverse("members:meetings:feed-list"))


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Send a calendar to whoever has its address, with what its owner may see at this moment."""
    row = feed_for(token)
    if row is None:
        raise Http404
    today = timezone.localdate()
    services.note_asked(row, on=today)
    rows = mine(row.user) if row.organization is None else scope(row.user, "view", Meeting)
    rows = filtered(
        with_parts(rows), organization=row.organization, since=today - timedelta(days=BACK_DAYS),
        until=today + timedelta(days=AHEAD_DAYS),
    ).exclude(state=MeetingState.PLANNED)  # fmt: skip
    with translation.override(row.user.language or translation.get_language()):
        title = _("My meetings") if row.organization is None else str(row.organization)
        body = calendar_of(rows.order_by("planned_at", "pk")[:MOST], title=title, at=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
