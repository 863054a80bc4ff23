"""The page of one case: for those who keep or decide it everything, for contacts and sponsors what is theirs."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.development.models import CultivationContact
from members.transfers.models import RelationPeriod
from portal.access.policy import fetch, scope, with_power
from portal.accounts.models import User
from portal.web.pagination import numbered_page

from ..engine import gaps
from ..engine.people import Role
from ..engine.verdicts import Permitted
from ..engine.vocabulary import EXCEPTION_LABELS
from ..models import Case, CaseMove, CaseState, ExceptionGrant, Sponsor, StepRecord
from ..overview import Overview, history
from ..policies import accompanied_by
from ..queries import Reading, reading_of, roles_in

POWERS = ("view", "record", "close", "except", "unseal")


def rows(user: Any) -> QuerySet[Any]:
    """Return the cases with what their page shows and what ``user`` may do there."""
    found = Case.objects.select_related("person__user", "person__organization", "organization")
    for action in POWERS:
        found = with_power(found, user, action)
    return found


@require_GET
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case: all of it, or to a contact or sponsor the way of the person and the own notes."""
    case: Any = fetch(request.user, "accompany", Case, queryset=rows(request.user), pk=pk)
    today = timezone.localdate()
    reading, roles = reading_of(case, today), roles_in([case], request.user)[case.pk]
    if not case.may_view:
        context = _accompanied(request.user, case, reading, roles)
        return render(request, "members/recruitment/case_accompany.html", context)
    shown = Overview(case, reading, roles, may_except=case.may_except)
    near, far = shown.bars()
    records = scope(request.user, "view", StepRecord).filter(case=case).order_by("-on", "-pk")
    records = records.select_related("recorded_by", "correction__recorded_by")
    sponsors = scope(request.user, "view", Sponsor).current().filter(case=case).select_related("sponsor__user")
    contacts = scope(request.user, "view", CultivationContact).current().filter(person=case.person_id)
    grants = list(scope(request.user, "view", ExceptionGrant).filter(case=case).select_related("node", "by"))
    moves = list(scope(request.user, "view", CaseMove).filter(case=case).select_related("from_branch", "to_branch"))
    context = {
        "case": case,
        "tab": "overview",
        "pauses": _pauses(request.user, case, today),
        "stages": shown.stages(),
        "next": shown.next(),
        "actions": shown.actions(),
        "others": shown.others(),
        "near": near,
        "far": far,
        "missing": shown.missing(),
        "contradictions": shown.contradictions(),
        "steps": shown.steps(),
        "regulation": shown.regulation(),
        "contacts": list(contacts.select_related("contact__user").order_by("place", "pk")),
        "sponsors": list(sponsors),
        "grants": [(EXCEPTION_LABELS.get(grant.rule, grant.rule), grant) for grant in grants],
        "moves": moves,
        "history": history(case, records, reading.facts.records, grants, moves),
        "links": _links(case),
    }
    return render(request, "members/recruitment/case_detail.html", context)


@require_GET
def accompanied_list(request: HttpRequest) -> HttpResponse:
    """List the people whom the reader accompanies, with the day of the own last note."""
    mine = StepRecord.objects.valid().filter(case=OuterRef("pk"), kind="contact_note", recorded_by=request.user.pk)
    found = Case.objects.open().filter(accompanied_by(request.user, "person", "pk"))
    found = found.exclude(person__user=request.user.pk)
    found = found.with_people().annotate(noted_on=Subquery(mine.order_by("-on").values("on")[:1]))
    page = numbered_page(request, found.order_by("person__user__name", "pk"))
    return render(request, "members/recruitment/accompanied_list.html", {"page": page})


def _pauses(user: User, case: Case, on: date) -> list[str]:
    """Say what makes a case rest although nothing in its records does: nobody there to go on with it."""
    found, names = [], {"name": case.person.name, "branch": case.organization}
    if case.state != CaseState.OPEN:
        return found
    if case.organization.closed_on and case.organization.closed_on <= on:
        found.append(_("%(branch)s is closed: hand the case on to the branch that %(name)s belongs to now.") % names)
    elif case.person.organization is None:
        found.append(_("%(name)s belongs to no branch any more.") % names)
    elif case.person.organization_id != case.organization_id:
        names["there"] = case.person.organization
        found.append(_("%(name)s belongs to %(there)s now: hand the case on.") % names)
    away = scope(user, "view", RelationPeriod).current().filter(person=case.person_id).first()
    if away is not None:
        names |= {"state": away.get_state_display(), "since": f"{away.since:%Y-%m-%d}"}
        found.append(_("%(name)s is away since %(since)s (%(state)s).") % names)
    return found


def _links(case: Any) -> list[dict[str, str]]:
    """Return the verbs around the case that are open to the reader."""
    is_open = case.state == CaseState.OPEN
    known = (
        (case.may_unseal, "sealed-list", _("Sealed papers"), "shield-lock"),
        (case.may_except and is_open, "exception-grant", _("Allow an exception"), "unlock"),
        (case.may_record and is_open, "case-move", _("Hand the case on"), "arrow-left-right"),
        (case.may_close and is_open, "case-close", _("Close the case"), "x-circle"),
    )
    return [
        {"url": reverse(f"members:recruitment:{name}", args=[case.pk]), "label": label, "icon": icon}
        for holds, name, label, icon in known
        if holds
    ]


def _accompanied(user: User, case: Any, reading: Reading, roles: Iterable[Role]) -> dict[str, Any]:
    """Return what a contact or sponsor sees: the standing that was decided and the own notes, nothing undecided."""
    notes = scope(user, "view", StepRecord).valid().filter(case=case, kind="contact_note", recorded_by=user)
    course = reading.course()
    step = gaps.care_step(course)
    permitted = _note_of(reading.position.may) if case.state == CaseState.OPEN else None
    return {
        "case": case,
        "as_sponsor": Role.SPONSOR in set(roles),
        "as_contact": Role.CONTACT in set(roles),
        "notes": [
            {"on": row.on, "at": row.recorded_at, "text": row.details.get("note", "")}
            for row in notes.order_by("-on", "-pk")
        ],
        "note_due": next(gaps.missing_notes(course, step, reading.on), None) if step else None,
        "note_url": reverse("members:recruitment:record-create", args=[case.pk, permitted.step, permitted.kind])
        if permitted
        else "",
        "reports_url": reverse("members:development:thought-report-to-answer") if Role.CONTACT in set(roles) else "",
    }


def _note_of(may: Iterable[Permitted]) -> Permitted | None:
    return next((item for item in may if item.kind == "contact_note"), None)
