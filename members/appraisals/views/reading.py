"""Lists, one appraisal, the texts of others, the results to take along."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch, may, scope
from portal.access.rights import rights_of
from portal.audit import services as audit
from portal.ballots.models import Ballot
from portal.ballots.queries import figures_of
from portal.documents.responses import paper_response
from portal.documents.services import Format
from portal.imports.exports import workbook_response
from portal.organizations.duties import Duty
from portal.web.pagination import numbered_page
from portal.web.refusals import RuleError

from .. import papers
from ..exports import results_workbook
from ..forms import ListFilterForm
from ..models import Appraisal, AppraisalPerson
from ..navigation import holds
from ..queries import count_rows, own_part, people_of, seen_by
from ..queries.gathering import COMING
from ..rules import ADVANCING, Counts, Grade, Stage, base_of
from ..stages import advance_words, steps_of

SHOWN = 20


@require_GET
def my_appraisals(request: HttpRequest) -> HttpResponse:
    """Show the appraisals one takes or took part in, with the own results."""
    mine = scope(request.user, "write", AppraisalPerson).select_related("appraisal__organization")
    context = {"rows": list(mine.order_by("-appraisal__year", "-pk")[:SHOWN])}
    return render(request, "members/appraisals/my_appraisals.html", context)


@require_GET
def appraisal_list(request: HttpRequest) -> HttpResponse:
    """Show the appraisals that one holds or confirms."""
    rights = rights_of(request.user)
    if not holds(rights):
        raise PermissionDenied
    form = ListFilterForm(request.GET)
    chosen, rows = form.chosen, seen_by(request.user)
    rows = rows.filter(**{name: chosen[name] for name in ("year", "state") if chosen.get(name)})
    context = {
        "page": numbered_page(request, rows),
        "filter_form": form,
        "filtered": bool(chosen),
        "address": reverse("members:appraisals:appraisal-list"),
        "clear_url": reverse("members:appraisals:appraisal-list") if chosen else "",
        "create_url": reverse("members:appraisals:appraisal-create") if rights.holds(Duty.APPRAISE_MEMBERS) else "",
    }
    return render(request, "members/appraisals/appraisal_list.html", context)


@require_GET
def appraisal_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one appraisal: where it stands, one's own part, and to those who hold it the participants."""
    user = request.user
    appraisal = fetch(user, "view", Appraisal, queryset=Appraisal.objects.with_places(), pk=pk)
    mine, people = own_part(user, appraisal), people_of(appraisal)
    may_hold, may_confirm = may(user, "hold", appraisal), may(user, "confirm", appraisal)
    leads = may_hold or may_confirm
    ballots = _ballots(appraisal)
    figures = figures_of(ballots)
    decides = appraisal.state in (Stage.COMMITTEE, Stage.REPORTED, Stage.CONFIRMED, Stage.CLOSED)
    shows_results = decides and leads
    counts = count_rows([appraisal.ballot]) if shows_results and appraisal.ballot else {}
    for row in people:
        row.counts = cells(counts.get(row.user_id)) if row.is_graded else []
    full = sum(row.is_graded for row in people)
    base = base_of(full, len(people) - full, counts_probationary=appraisal.counts_probationary)
    handed_in = sum(row.handed_in_on is not None for row in people)
    context: dict[str, Any] = {
        "appraisal": appraisal,
        "steps": steps_of(appraisal),
        "mine": mine,
        "may_write": mine is not None and appraisal.state in (Stage.SELF, Stage.PEERS),
        "own_result": mine if mine is not None and appraisal.state == Stage.CLOSED else None,
        "ballots": [(ballot, _own_address(ballot, user), figures[ballot.pk]) for ballot in ballots],
        "people": people,
        "handed_in": handed_in,
        "limit": appraisal.limit(base if appraisal.base is None else None),
        "leads": leads,
        "shows_results": shows_results,
        "least": settings.BALLOT_MIN_GROUP,
        "grades": Grade.labels,
        **_steps(appraisal, may_hold=may_hold, may_confirm=may_confirm, is_untouched=not handed_in),
        **_meeting(appraisal, user, may_hold=may_hold),
    }
    return render(request, "members/appraisals/appraisal_detail.html", context)


def _steps(appraisal: Appraisal, *, may_hold: bool, may_confirm: bool, is_untouched: bool) -> dict[str, Any]:
    """Return what the reader may do with the appraisal now, as addresses."""
    pk, state = appraisal.pk, appraisal.state
    button, effects = advance_words(appraisal)
    early = state in (Stage.ANNOUNCED, Stage.SELF)
    return {
        "advance_url": _step(may_hold and state in ADVANCING, "advance", pk),
        "advance_label": button,
        "effects": effects,
        "days_url": _step(may_hold and appraisal.is_before_ballot, "days", pk),
        "call_off_url": _step(may_hold and early and is_untouched, "call-off", pk),
        "opinions_url": _step(may_hold and state == Stage.COMMITTEE, "opinions", pk),
        "report_url": _step(may_hold and state == Stage.COMMITTEE, "report", pk),
        "confirm_url": _step(may_confirm and state == Stage.REPORTED, "confirm", pk),
        "return_url": _step(may_confirm and state == Stage.REPORTED, "return", pk),
        "close_url": _step(may_hold and state == Stage.CONFIRMED, "close", pk),
        "export_url": _step(may_hold and state in (Stage.CONFIRMED, Stage.CLOSED), "export", pk),
        "prints": may_hold and state in papers.PRINTED,
    }


def _meeting(appraisal: Appraisal, user: Any, *, may_hold: bool) -> dict[str, Any]:
    """Return the meeting of an appraisal as the reader may open it, and what may be done about it."""
    meeting = appraisal.meeting
    before = may_hold and appraisal.is_before_ballot
    is_on = meeting is not None and meeting.state in COMING
    voting = may_hold and is_on and appraisal.state == Stage.BALLOT
    return {
        "meeting": meeting,
        "meeting_url": meeting.get_absolute_url() if meeting is not None and may(user, "view", meeting) else "",
        "meeting_is_off": before and meeting is not None and not is_on,
        "choose_url": _step(before, "meeting", appraisal.pk),
        "leave_url": _step(before and meeting is not None, "meeting-leave", appraisal.pk),
        "admit_url": _step(voting, "admit", appraisal.pk),
    }


def _step(holds: bool, name: str, pk: int) -> str:
    return reverse(f"members:appraisals:{name}", args=[pk]) if holds else ""


def _ballots(appraisal: Appraisal) -> list[Ballot]:
    """Return the ballots of an appraisal in the order in which they were opened."""
    peers = [peer.ballot for peer in appraisal.peer_ballots.select_related("ballot")]
    return [*peers, appraisal.ballot] if appraisal.ballot else peers


def _own_address(ballot: Ballot, user: Any) -> str:
    """Return where one votes or sees that one has; empty for whoever is no elector."""
    return reverse("ballots:ballot-vote", args=[ballot.pk]) if may(user, "vote", ballot) else ""


def cells(counts: Counts | None) -> list[tuple[str, int | None]]:
    """Return each grade with how often it was given, ``None`` where too few took part to be shown."""
    known = counts.grades if counts is not None else None
    return [(str(grade.label), None if known is None else known.get(grade.value, 0)) for grade in Grade]


@require_GET
def self_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the self-appraisal that somebody handed in, to those who take part."""
    rows = AppraisalPerson.objects.select_related("user", "appraisal__organization")
    part = fetch(request.user, "view", AppraisalPerson, queryset=rows, pk=pk)
    context = {
        "part": part,
        "own": part.user_id == request.user.pk,
        "write_url": reverse("members:appraisals:self-write", args=[pk])
        if part.user_id == request.user.pk and part.appraisal.state in (Stage.SELF, Stage.PEERS)
        else "",
    }
    return render(request, "members/appraisals/self_read.html", context)


@require_POST
def export(request: HttpRequest, pk: int) -> FileResponse:
    """Send the results as a workbook; that somebody took them along is recorded."""
    appraisal = fetch(request.user, "export", Appraisal, queryset=Appraisal.objects.with_places(), pk=pk)
    taken = results_workbook(appraisal, by=request.user)
    names = [appraisal.organization, _("Democratic appraisal"), appraisal.year]
    return workbook_response(taken, *names, on=timezone.localdate())


@require_POST
def list_paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Send the list that is signed and reported, as PDF or Word; the trail keeps who printed it."""
    appraisal = fetch(request.user, "export", Appraisal, queryset=Appraisal.objects.with_places(), pk=pk)
    kind = _format(form)
    if appraisal.state not in papers.PRINTED:
        raise RuleError(_("Papers are printed once the committee has reported."))
    voted = figures_of([appraisal.ballot])[appraisal.ballot.pk].voted if appraisal.ballot is not None else 0
    name = f"民主评议党员情况汇总表 {appraisal.organization} {appraisal.year}"
    facts = papers.list_of(appraisal, voted)
    response = paper_response(papers.LIST, facts, format=kind, name=name)
    audit.record("appraisals.paper.exported", appraisal, by=request.user)
    return response


@require_POST
def person_paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Send the form of one person: to the person once the result was told, to those who hold it once it is reported."""
    rows = AppraisalPerson.objects.select_related("user", "appraisal__organization", "appraisal__superior")
    part = fetch(request.user, "result", AppraisalPerson, queryset=rows, pk=pk)
    kind = _format(form)
    if part.appraisal.state not in papers.PRINTED:
        raise RuleError(_("Papers are printed once the committee has reported."))
    name = f"民主评议党员登记表 {part.user.name} {part.appraisal.year}"
    response = paper_response(papers.PERSON, papers.form_of(part), format=kind, name=name)
    audit.record(
        "appraisals.paper.exported", part, by=request.user, about=part.user, at=part.appraisal.organization
    )
    return response


def _format(form: str) -> Format:
    try:
        return Format(form)
    except ValueError as error:
        raise Http404 from error
