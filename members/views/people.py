"""The list of people and the page of one person, for those who see or keep them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch, scope, with_power
from portal.access.prepared import PreparedRows
from portal.access.rights import rights_of
from portal.extensions.registry import person_panels
from portal.imports.exports import workbook_response
from portal.organizations.duties import Duty
from portal.web.pagination import KeysetPaginator, per_page_of

from .. import exports, queries, rules
from ..forms import MemberFilterForm
from ..models import ArchiveDocument, Member


@require_GET
def member_list(request: HttpRequest) -> HttpResponse:
    """Show the people of the reader's subtree; seven queries whatever the number of rows."""
    form = MemberFilterForm(request.GET, by=request.user)
    chosen = form.chosen
    people: Any = PreparedRows(request.user, queries.everybody)
    if chosen:
        people = queries.listed(
            queries.filtered(queries.people_for(request.user, on=chosen.get("on")), **chosen)
        )
    rights = rights_of(request.user)
    page = KeysetPaginator(people, ("pk",), per_page_of(request.GET)).page(request.GET)
    context = {
        "page": page,
        "rows": queries.as_rows(page),
        "filter_form": form,
        "chosen": chosen,
        "address": reverse("members:member-list"),
        "may_export": rights.holds(Duty.EXPORT_LISTS),
        "new_url": reverse("members:member-create") if rights.holds(Duty.KEEP_RECORDS) else "",
    }
    return render(request, "members/member_list.html", context)


@require_POST
def member_export(request: HttpRequest) -> HttpResponseBase:
    """Send the filtered list as a workbook, masked, for those who may take lists along."""
    if not rights_of(request.user).holds(Duty.EXPORT_LISTS):
        raise PermissionDenied
    chosen = MemberFilterForm(request.GET, by=request.user).chosen
    people = queries.filtered(queries.people_for(request.user, action="export", on=chosen.get("on")), **chosen)
    taken = exports.people_workbook(people, by=request.user, filters=chosen)
    names = [chosen["organization"], _("People")] if chosen.get("organization") else [_("People")]
    return workbook_response(taken, *names, on=timezone.localdate())


@require_GET
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person: the row of the list to those who see people, the masked archive to those who keep it."""
    people = Member.objects.with_person().select_related("photo")
    for action in ("read", "change", "reveal"):
        people = with_power(people, request.user, action)
    member = fetch(request.user, "view", Member, queryset=people, pk=pk)
    context = page_of(member, request)
    for name in ("edit", "place", "photo"):
        context[f"{name}_url"] = reverse(f"members:member-{name}", args=[pk]) if member.may_change else ""
    return render(request, "members/member_detail.html", context)


def page_of(member: Member, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of ``member`` shows; ``member`` carries ``may_read`` and so on."""
    reader = request.user
    context: dict[str, Any] = {"member": member, "timeline": queries.timeline_of(member.user, reader)}
    context |= {"groups": [], "documents": [], "mismatches": [], "panels": []}
    for panel in person_panels:
        shown = panel.context(member.user, reader)
        if shown is not None:
            context["panels"].append((panel, render_to_string(panel.template, shown, request)))
    if member.may_read:
        context["groups"] = queries.archive_of(member)
        context["documents"] = scope(reader, "view", ArchiveDocument).filter(member=member).select_related("file")[:50]
        context["mismatches"] = [
            mismatch.label for mismatch in rules.mismatches(member.id_no, birth_date=member.birth_date, sex=member.sex)
        ]
    return context
