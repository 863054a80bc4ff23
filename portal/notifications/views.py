"""The inbox and what one wants to be told; nothing is written by looking at a page."""

from typing import Any

from django.contrib import messages
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch, scope
from portal.web.pagination import KeysetPaginator, per_page_of

from . import live, services
from .forms import InboxFilterForm, PreferencesForm
from .models import Notice
from .payload import payload_of
from .queries import read_out
from .registry import kinds


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List one's notices, newest first."""
    form = InboxFilterForm(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    rows = scope(request.user, "view", Notice).select_related("message")
    if chosen.get("state") == "unread":
        rows = rows.filter(read_at=None)
    if chosen.get("kind"):
        rows = rows.filter(message__kind=chosen["kind"])
    page = KeysetPaginator(rows, ["-id"], per_page_of(request.GET)).page(request.GET)
    return render(
        request,
        "portal/notifications/inbox.html",
        {
            "form": form,
            "page": page,
            "items": [_item(notice) for notice in page],
            "is_filtered": bool(chosen.get("state") or chosen.get("kind")),
            "unread": services.unread_count(request.user),
        },
    )


def _item(notice: Notice) -> dict[str, Any]:
    kind = kinds.get(notice.message.kind)
    return {
        "notice": notice,
        "words": read_out(notice.message),
        "kind": kind,
        "may_silence": kind is not None and not kind.statutory,
        "is_withdrawn": notice.message.withdrawn_at is not None,
    }


@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice whole; that it was read is said by its button."""
    found = fetch(request.user, "view", Notice, queryset=Notice.objects.select_related("message__by"), pk=pk)
    return render(request, "portal/notifications/notice.html", {"item": _item(found), "by": found.message.by})


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice read and go where it leads."""
    found = fetch(request.user, "open", Notice, queryset=Notice.objects.select_related("message"), pk=pk)
    services.mark_read(found)
    return redirect(found.message.url or found.get_absolute_url())


@require_POST
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice read and stay."""
    services.mark_read(fetch(request.user, "open", Notice, pk=pk))
    return redirect("notifications:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read that had come when the page was drawn."""
    newest = request.POST.get("newest", "")
    services.mark_all_read(request.user, up_to=int(newest) if newest.isdecimal() and len(newest) < 19 else None)
    messages.success(request, _("All notices are marked as read."))
    return redirect("notifications:inbox")


@require_POST
def silence(request: HttpRequest, kind: str) -> HttpResponse:
    """Switch one reason off; the page of wishes switches it on again."""
    found = kinds.get(kind)
    if found is None:
        raise Http404
    services.set_preference(request.user, found, in_site=False, email=False)
    messages.success(request, _("You will not be told of this any more: %(kind)s.") % {"kind": found.label})
    return redirect("notifications:preferences")


def preferences(request: HttpRequest) -> HttpResponse:
    """Choose what one is told, and where."""
    form = PreferencesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        services.set_preferences(request.user, form.wishes())
        messages.success(request, _("Your wishes are saved."))
        return redirect("notifications:preferences")
    return render(request, "portal/notifications/preferences.html", {"form": form})


@never_cache
@require_GET
def unread(request: HttpRequest) -> HttpResponse:
    """Tell an open page what is unread, and what came after the notice ``?after=``: for where no stream works."""
    seen = request.GET.get("after", "")
    mine = Notice.objects.unread().filter(recipient_id=request.user.pk)
    newest = mine.order_by("-pk").select_related("message").first()
    is_news = newest is not None and seen.isdecimal() and newest.pk > int(seen[:18])
    count = services.unread_count(request.user)
    return JsonResponse(payload_of(count, newest.pk if newest else 0, newest if is_news else None))


@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """Tell an open page of notices as they come; 204 sends it to polling where no stream can be held."""
    if not isinstance(request, ASGIRequest) or live.hub().is_full:
        return HttpResponse(status=204)
    user = await request.auser()
    seconds = live.STREAM_SECONDS
    if session_ends_at := getattr(request, "session_ends_at", None):
        seconds = min(seconds, max(session_ends_at - timezone.now().timestamp(), 1))
    page = live.Stream(user.pk, request.session.session_key or "", translation.get_language() or "")
    return StreamingHttpResponse(
        live.events(page, seconds=seconds),
        content_type="text/event-stream",
        headers={
            "Cache-Control": "no-store, no-transform",
            "X-Accel-Buffering": "no",
            # Said so that no middleware compresses it: a compressor would hold events back.
            "Content-Encoding": "identity",
        },
    )
