"""Pages for those who send notices: write, look whom it reaches, send, follow, take back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, scope
from portal.access.rights import ancestor_paths, rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.pagination import KeysetPaginator, per_page_of
from portal.web.views import add_refusal

from . import dispatch
from .forms import AnnouncementForm
from .models import Message
from .queries import reach_of, read_out, receipts, totals_of


def send(request: HttpRequest) -> HttpResponse:
    """Write a notice, see whom it would reach, and send it on the second click."""
    if not rights_of(request.user).holds(Duty.SEND_NOTICES):
        raise PermissionDenied
    form = AnnouncementForm(request.POST or None, by=request.user)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        if "confirmed" in request.POST:
            try:
                message = _send(form, request)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("Your notice is on its way."))
                return redirect("notifications:sent", pk=message.pk)
        else:
            context["reach"] = reach_of(form.circle())
            if context["reach"].people:
                return render(request, "portal/notifications/send_preview.html", context)
            form.add_error("organizations", _("Nobody belongs to this audience."))
    return render(request, "portal/notifications/send.html", context)


def _send(form: AnnouncementForm, request: HttpRequest) -> Message:
    data = form.cleaned_data
    return dispatch.announce(
        title=data["title"], text=data["text"], circle=form.circle(), key=str(data["key"]), by=request.user
    )


@require_GET
def sent_list(request: HttpRequest) -> HttpResponse:
    """List what was sent by oneself and for the nodes one sends for."""
    if not rights_of(request.user).holds(Duty.SEND_NOTICES):
        raise PermissionDenied
    rows = scope(request.user, "view", Message).filter(audience__isnull=False).select_related("by", "organization")
    page = KeysetPaginator(rows, ["-id"], per_page_of(request.GET)).page(request.GET)
    totals = totals_of(list(page))
    items = [(message, read_out(message), totals[message.pk]) for message in page]
    return render(request, "portal/notifications/sent_list.html", {"page": page, "items": items})


@require_GET
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a notice that was sent, and who has read it, node by node from the top of its audience down."""
    found = _message(request, "view", pk)
    top = found.organization
    node, above = top, []
    if top is not None and (wanted := request.GET.get("node", "")):
        # The tree is known to all who are signed in; the counts stay below the node the notice was sent for.
        node = fetch(request.user, "view", Organization, queryset=Organization.objects.below(top), pk=wanted)
        paths = ancestor_paths([node.path])[:-1]
        above = list(Organization.objects.below(top).filter(path__in=paths).order_by("path"))
    return render(
        request,
        "portal/notifications/sent.html",
        {
            "message": found,
            "words": read_out(found),
            "totals": totals_of([found])[found.pk],
            "node": node,
            "top": top,
            "above": above,
            "rows": receipts(found, node) if node else [],
        },
    )


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a sent notice back, after a question."""
    found = _message(request, "withdraw", pk)
    if request.method == "POST":
        try:
            dispatch.withdraw(found, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("The notice is withdrawn."))
        return redirect("notifications:sent", pk=found.pk)
    context = {"message": found, "words": read_out(found), "totals": totals_of([found])[found.pk]}
    return render(request, "portal/notifications/withdraw.html", context)


def _message(request: HttpRequest, action: str, pk: int) -> Message:
    rows = Message.objects.filter(audience__isnull=False).select_related("by", "organization", "withdrawn_by")
    return fetch(request.user, action, Message, queryset=rows, pk=pk)
