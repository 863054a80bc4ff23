"""One set of minutes: to read, to print, to take along."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_GET, require_POST

from members.meetings.models import AttendanceState, MeetingState
from portal.access.policy import fetch, may, scope
from portal.audit import services as audit
from portal.documents.responses import paper_response
from portal.documents.services import Format

from ..models import Minutes, MinutesState, Resolution
from ..papers import code_of, sheet_of, title_of
from ..queries.content import addendum_content, content_of
from ..rules import digest_of
from ..services import facts_now, seat

WITH = ("organization", "meeting", "part", "chair", "recorder", "changed_by", "chair_confirmed_by",
        "recorder_confirmed_by")  # fmt: skip


def read(request: HttpRequest, action: str, pk: int) -> Minutes:
    """Return the minutes for the reader's ``action``, with all that their pages name."""
    return fetch(request.user, action, Minutes, queryset=Minutes.objects.select_related(*WITH), pk=pk)


def said(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts as a page says them: instants and days as such, codes as words."""
    states = dict(AttendanceState.choices)
    agenda = [
        {**row, "started_at": _at(row["started_at"]), "ended_at": _at(row["ended_at"])}
        for row in facts.get("agenda", ())
    ]
    return {
        **facts,
        "planned_at": _at(facts.get("planned_at")),
        "started_at": _at(facts.get("started_at")),
        "ended_at": _at(facts.get("ended_at")),
        "agenda": agenda,
        "absent": [{**row, "label": states.get(row["state"], "")} for row in facts.get("absent", ())],
        "earlier": [{**row, "due_on": parse_date(row["due_on"])} for row in facts.get("earlier", ())],
        "excluded": facts.get("excluded", []),
        "late": [{**row, "at": _at(row["at"])} for row in facts.get("late", ())],
        "probationary_present": facts.get("probationary_present", []),
        # What was sealed before votes told more says less.
        "votes": [{"counts": [], "cast": 0, "void": 0, **row} for row in facts.get("votes", ())],
    }


def is_on(minutes: Minutes) -> bool:
    """Say whether the sitting is still going on: its minutes are written, not yet confirmed."""
    return minutes.meeting.state == MeetingState.IN_SESSION


def _at(text: Any) -> Any:
    return parse_datetime(text) if text else None


@require_GET
def minutes_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show minutes with what the reader may do about them; the seal is looked at each time."""
    minutes = read(request, "view", pk)
    facts = facts_now(minutes)
    writes = may(request.user, "write", minutes)
    resolutions = list(minutes.resolutions.select_related("owner").order_by("pk"))
    addenda = list(minutes.addenda.all())
    context = {
        "minutes": minutes,
        "facts": said(facts),
        "resolutions": resolutions,
        "shown_resolutions": set(
            scope(request.user, "view", Resolution).filter(minutes=minutes).values_list("pk", flat=True)
        ),
        "addenda": addenda,
        "files": list(minutes.files.order_by("pk")),
        "tabs": [],
        "paper_title": title_of(minutes.kind),
        "is_on": is_on(minutes),
        "actions": _actions(minutes, request, writes),
        "may_write": writes and not minutes.is_sealed,
        "may_add": minutes.is_sealed and may(request.user, "add_to", minutes),
        "may_see_meeting": may(request.user, "view", minutes.meeting),
        "chain_url": reverse("members:minutes:chain-detail", args=[minutes.organization_id])
        if may(request.user, "bind", minutes)
        else "",
        "seal_holds": minutes.is_sealed
        and digest_of(minutes.prev_digest, content_of(minutes)) == minutes.digest
        and all(digest_of(row.prev_digest, addendum_content(row)) == row.digest for row in addenda),
    }
    return render(request, "members/minutes/minutes_detail.html", context)


@require_GET
def minutes_told(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the minutes that a space tells of; for those who do not read them say that they are, and who reads them."""
    minutes = read(request, "told", pk)
    if may(request.user, "view", minutes):
        return redirect(minutes)
    return render(request, "members/minutes/minutes_told.html", {"minutes": minutes})


def _actions(minutes: Minutes, request: HttpRequest, writes: bool) -> dict[str, Any]:
    """Return which steps the reader can take now."""
    if minutes.is_sealed:
        return {}
    place = seat(minutes, request.user)
    confirmed = request.user.pk in (minutes.chair_confirmed_by_id, minutes.recorder_confirmed_by_id)
    free = place is not None and not getattr(minutes, f"{place}_confirmed_by_id") and not is_on(minutes)
    return {
        "edit": reverse("members:minutes:minutes-edit", args=[minutes.pk]) if writes else "",
        "confirm": reverse("members:minutes:minutes-confirm", args=[minutes.pk]) if free and not confirmed else "",
        "take_back": confirmed and minutes.state == MinutesState.CONFIRMED,
    }


@require_POST
def minutes_paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Send the minutes as PDF or Word; the trail keeps who took them along."""
    minutes = read(request, "view", pk)
    try:
        kind = Format(form)
    except ValueError as error:
        raise Http404 from error
    facts = sheet_of(minutes, facts_now(minutes), tuple(minutes.addenda.all()))
    name = f"{title_of(minutes.kind)} {minutes.title} {minutes.held_on:%Y-%m-%d}"
    response = paper_response(code_of(minutes.kind), facts, format=kind, name=name)
    audit.record("minutes.paper.exported", minutes, by=request.user, changes={"format": ["", str(kind)]})
    return response
