"""Pages that show the tree: the whole, one node, its posts, terms that end soon; each as of a day where it matters."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, scope, with_power
from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.extensions.registry import panels
from portal.web.pagination import numbered_page

from .. import queries
from ..duties import Duty
from ..forms import DayForm
from ..models import Appointment, Organization

SUGGESTIONS = 10
# Six months at their longest: what the superior has been reminded of is on the list.
SOON_DAYS = 184


@require_GET
def organization_tree(request: HttpRequest) -> HttpResponse:
    """Show the tree as of a day, whole when it is small, otherwise two levels under ``?top=``."""
    form = DayForm(request.GET)
    top = None
    if request.GET.get("top"):
        top = fetch(request.user, "view", Organization, pk=request.GET["top"])
    on = form.day or timezone.localdate()
    rights = rights_of(request.user)
    rows = queries.tree_rows(
        scope(request.user, "view", Organization).on(on),
        top=top,
        on=on,
        people_under=rights.duties.get(Duty.SEE_PEOPLE, ()),
    )
    context = {
        "rows": rows,
        "form": form,
        "day": form.day,
        "as_of": _as_of(form.day),
        "top": top,
        "keeps": rights.holds(Duty.KEEP_TREE),
    }
    return render(request, "portal/organizations/organization_tree.html", context)


def _as_of(day: date | None) -> str:
    """Return the end of an address that keeps the day."""
    return f"?on={day.isoformat()}" if day else ""


@require_GET
def organization_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one node as of a day: what it is, its posts, what lies below, and the blocks of the rooms.

    What the reader may see and do is decided by the rights of today.
    """
    form = DayForm(request.GET)
    on = form.day or timezone.localdate()
    around = queries.around(ask_as(request.user, _near, on, pk=pk), pk, on=on)
    if around is None:
        raise Http404
    node = around.node
    context = {
        "node": node,
        "around": around,
        "form": form,
        "day": form.day,
        "as_of": _as_of(form.day),
        "clear_url": node.get_absolute_url() if form.day else "",
        "stood": form.day is None or node.stood_on(form.day),
        "links": queries.links_of(node) if node.has_links else [],
        "findings": queries.findings_on(around, on=form.day) if node.may_see_people else [],
        "panels": _panels(request, node, form.day),
    }
    for name, may in (("create", node.may_add), ("edit", node.may_change)):
        context[f"{name}_url"] = reverse(f"organizations:organization-{name}", args=[pk]) if may else ""
    # A new node stands beside this one, so splitting is for those who may add above it: above it today.
    may_split = form.day is None and node.may_change and bool(around.above) and around.above[-1].may_add
    context["split_url"] = reverse("organizations:organization-split", args=[pk]) if may_split else ""
    return render(request, "portal/organizations/organization_detail.html", context)


def _near(user: AnyUser, on: date, *, pk: int) -> QuerySet[Organization]:
    nodes = scope(user, "view", Organization)
    for action in ("change", "add", "appoint", "see_people"):
        nodes = with_power(nodes, user, action)
    return queries.near(nodes, pk, on=on)


def _panels(request: HttpRequest, node: Organization, day: date | None) -> list[tuple[Any, str]]:
    """Draw the blocks of the rooms; as of another day only those that know the past."""
    reader: AnyUser = request.user
    drawn = []
    for panel in panels:
        if panel.dated:
            shown = panel.context(node, reader, day)
        else:
            shown = panel.context(node, reader) if day is None else None
        if shown is not None:
            drawn.append((panel, render_to_string(panel.template, shown, request)))
    return drawn


@require_GET
def term_list(request: HttpRequest) -> HttpResponse:
    """Show those who keep the tree whose term ends within six months or is over."""
    if not rights_of(request.user).holds(Duty.KEEP_TREE):
        raise PermissionDenied
    kept = scope(request.user, "change", Organization)
    ending = queries.terms_ending(kept, by=timezone.localdate() + timedelta(days=SOON_DAYS))
    return render(request, "portal/organizations/term_list.html", {"page_obj": numbered_page(request, ending)})


@require_GET
def post_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who held which post on a node, ever or as of a day."""
    node = fetch(request.user, "view", Organization, pk=pk)
    form = DayForm(request.GET)
    held = queries.posts_of(scope(request.user, "view", Appointment), node, on=form.day)
    context = {"node": node, "form": form, "day": form.day, "page_obj": numbered_page(request, held)}
    return render(request, "portal/organizations/post_history.html", context)


@require_GET
def person_suggest(request: HttpRequest) -> JsonResponse:
    """Return a few people whom the reader may see and may want to appoint, for the field's list of suggestions."""
    words = request.GET.get("words", "").strip()
    if len(words) < 2 or not rights_of(request.user).holds(Duty.APPOINT):
        return JsonResponse({"people": []})
    seen = scope(request.user, "view", User).filter(is_active=True)
    found = seen.filter(name__startswith=words) | seen.filter(number__startswith=words)
    rows = found.order_by("number").values_list("number", "name")[:SUGGESTIONS]
    return JsonResponse({"people": [{"number": number, "name": name} for number, name in rows]})
