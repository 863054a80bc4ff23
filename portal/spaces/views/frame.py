"""What every page of a space shares: finding the node for a reader, and its tabs."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.rights import rights_of
from portal.accounts.doors import to_the_door
from portal.organizations.models import Organization

from .. import queries

# Tabs of a node for those who are signed in; visitors have the stream and the documents.
_FOR_VISITORS = ("space-detail", "documents")


def node_or_door(request: HttpRequest, pk: int) -> Organization | HttpResponse:
    """Return the node, or what sends a visitor to sign in where nothing is public."""
    node = queries.node_for(request.user, pk)
    if node is not None:
        return node
    if not request.user.is_authenticated:
        return to_the_door(request)
    raise Http404


def tabs(request: HttpRequest, node: Organization, current: str) -> list[dict[str, Any]]:
    """Return the tabs of the space of ``node``, those that rooms add included."""
    own = [
        ("space-detail", _("Stream")),
        ("people", _("People and posts")),
        ("calendar", _("Calendar")),
        ("documents", _("Documents")),
        ("boards", _("Boards")),
        ("record", _("Record")),
        ("below", _("Below")),
    ]
    if not request.user.is_authenticated:
        own = [tab for tab in own if tab[0] in _FOR_VISITORS]
    if node.numchild == 0:
        own = [tab for tab in own if tab[0] != "below"]
    found = [
        {"label": label, "url": reverse(f"spaces:{name}", args=[node.pk]), "current": name == current}
        for name, label in own
    ]
    found += [
        {"label": label, "url": url, "current": False} for _code, label, url in queries.tabs_of(node, request.user)
    ]
    return found


def drawn(request: HttpRequest, node: Organization, name: str, template: str, **context: Any) -> HttpResponse:
    """Draw a page of the space of ``node``: its frame, with what the page adds."""
    shown = {
        "node": node,
        "tabs": tabs(request, node, name),
        "is_own": node.path in rights_of(request.user).belongs_to,
        "around": queries.around(node, request.user) if request.user.is_authenticated else None,
    }
    return render(request, f"portal/spaces/{template}.html", {**shown, **context})
