"""Pages of a space that are read: stream, people, calendar, boards, record, what lies below."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch
from portal.extensions.registry import stream_kinds
from portal.organizations.models import Organization
from portal.web.pagination import KeysetPaginator, numbered_page

from .. import queries, services
from .frame import drawn, node_or_door


@require_GET
def own_space(request: HttpRequest) -> HttpResponse:
    """Lead to the space of one's own branch; who belongs nowhere chooses from the tree."""
    own = queries.own_space(request.user)
    return redirect("spaces:space-detail", own) if own else redirect("organizations:organization-tree")


@login_not_required
@require_GET
def space_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the stream of a node, newest first, narrowed to one kind if wanted."""
    node = node_or_door(request, pk)
    if isinstance(node, HttpResponse):
        return node
    asked = request.GET.get("kind", "")
    kind = asked if stream_kinds.get(asked) else ""
    paginator = KeysetPaginator(queries.stream_of(node, request.user, kind=kind), ["-at", "-pk"])
    page = paginator.page(request.GET)
    kinds, newest = queries.recently(node, request.user)
    is_top = not (kind or page.before)
    return drawn(
        request, node, "space-detail", "space_detail",
        page=page,
        entries=queries.shown(page),
        kinds=[{"label": found.label, "code": found.code, "current": found.code == kind} for found in kinds],
        kind=kind,
        may_write=getattr(node, "may_write_in_space", False) and node.closed_on is None,
        newest=newest if is_top and request.user.is_authenticated else None,
    )  # fmt: skip


@never_cache
@require_GET
def fresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many entries came after ``?after=``; with ``&show=1`` return them, drawn as on the page."""
    node = fetch(request.user, "view", Organization, pk=pk)
    asked = request.GET.get("after", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return JsonResponse({"error": "after"}, status=400)
    rows = queries.since(node, request.user, int(asked))
    if request.GET.get("show") != "1":
        return JsonResponse({"count": rows.order_by()[:99].count()})
    entries = queries.shown(rows[: queries.NEW_AT_ONCE])
    context: dict[str, Any] = {"entries": entries, "user": request.user}
    return JsonResponse(
        {
            "html": render_to_string("portal/spaces/_entries.html", context, request),
            "count": len(entries),
            "after": max([int(asked), *(shown.entry.pk for shown in entries)]),
        }
    )


@never_cache
@require_GET
def glance(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw what stands beside the stream on a wide screen; telephones, which show the stream alone, never ask."""
    node = fetch(request.user, "view", Organization, pk=pk)
    today = timezone.localdate()
    found = queries.glance(node, request.user, on=today)
    return render(request, "portal/spaces/_glance.html", {"node": node, "glance": found, "today": today})


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin or end being told once a day of what is new in a space."""
    node = fetch(request.user, "view", Organization, pk=pk)
    wanted = request.POST.get("wanted") == "yes"
    services.follow(node, by=request.user, wanted=wanted)
    told = _("Once a day you will be told what is new here.")
    messages.success(request, told if wanted else _("You will no longer be told what is new here."))
    return redirect("spaces:space-detail", node.pk)


@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who holds which post, and, to those who may see people, who belongs here."""
    node = node_or_door(request, pk)
    if isinstance(node, HttpResponse):
        return node
    found = queries.people_of(node, request.user, on=timezone.localdate())
    page = numbered_page(request, found.rows) if found.rows is not None else None
    return drawn(request, node, "people", "people", people=found, page_obj=page)


@require_GET
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a month of the node's calendar: a grid on a screen, a list on a telephone."""
    node = node_or_door(request, pk)
    if isinstance(node, HttpResponse):
        return node
    today = timezone.localdate()
    month = queries.month_of(node, request.user, queries.month_from(request.GET.get("month", ""), today))
    return drawn(request, node, "calendar", "calendar", month=month, today=today)


@require_GET
def boards(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the places of the rooms that belong to the node."""
    node = node_or_door(request, pk)
    if isinstance(node, HttpResponse):
        return node
    return drawn(request, node, "boards", "boards", groups=queries.links_of(node, request.user))


@require_GET
def space_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the rooms keep on learning and meetings of the node in a year."""
    node = node_or_door(request, pk)
    if isinstance(node, HttpResponse):
        return node
    today = timezone.localdate()
    year = queries.year_from(request.GET.get("year", ""), today)
    address = reverse("spaces:record", args=[node.pk])
    return drawn(
        request, node, "record", "record",
        records=queries.records_of(node, request.user, year),
        year=year,
        before_url=f"{address}?year={year - 1}" if year > queries.FIRST_YEAR else "",
        after_url=f"{address}?year={year + 1}" if year < today.year else "",
    )  # fmt: skip


@require_GET
def below(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the children of the node at a glance."""
    node = node_or_door(request, pk)
    if isinstance(node, HttpResponse):
        return node
    today = timezone.localdate()
    children = queries.below(node, request.user, on=today)
    return drawn(request, node, "below", "below", children=children, has_lights=any(child.lights for child in children))
