"""Which organization a page is about: the one that the address names, the only one there is, or one that is chosen."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access.policy import duty_scope
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from .. import forms

SHOWN = 60


def planning_nodes(user: Any) -> Any:
    """Return the open organizations for which ``user`` may convene."""
    return duty_scope(user, Duty.HOLD_MEETINGS).filter(closed_on=None).order_by("path")


def named_node(request: HttpRequest) -> Organization | None:
    """Return the organization for which the reader acts, ``None`` when it is to be chosen (``choose_node``).

    Raises ``Http404`` for one that the address names and the reader does not hold meetings for.
    """
    nodes = planning_nodes(request.user)
    named = request.GET.get("organization", "")
    if not named:
        found = list(nodes[:2])
        return found[0] if len(found) == 1 else None
    try:
        node: Organization | None = nodes.filter(pk=named).first()
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    if node is None:
        raise Http404
    return node


def choose_node(request: HttpRequest, title: Any) -> HttpResponse:
    """Ask for which organization; each leads back to the same address, which names it then."""
    nodes = planning_nodes(request.user)
    form = forms.NodeSearchForm(request.GET)
    if words := form.chosen.get("words"):
        nodes = nodes.filter(name__icontains=words)
    found = list(nodes[: SHOWN + 1])
    query = request.GET.copy()
    query.pop("words", None)
    lines = []
    for node in found[:SHOWN]:
        query["organization"] = str(node.pk)
        lines.append({"name": node.name, "url": f"{request.path}?{query.urlencode()}"})
    context = {
        "title": title, "filter_form": form, "nodes": lines, "has_more": len(found) > SHOWN,
        "filtered": bool(form.chosen), "clear_url": request.path if form.chosen else "",
    }  # fmt: skip
    return render(request, "members/meetings/meeting_choose.html", context)
