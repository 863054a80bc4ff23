"""Why a light stands as it does, what can be done about it, and what a lecture was."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.meetings.models import MeetingPart
from portal.access.policy import fetch, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty as Right
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from .. import services
from ..addresses import held_url, plan_url, talks_url, year_url
from ..engine.evaluate import Obligation, Status
from ..engine.periods import Period
from ..kinds import DUTIES, NAMED, DutyKind
from ..models import Waiver
from ..policies import is_superior
from ..queries.absences import turnout_of
from ..queries.one import obligation_in_reading, reading_of
from ..queries.reading import Reading
from ..queries.records import held_for, lectures_of, planned_for
from ..queries.told import offices_of
from ..services.waivers import refusal_of
from ..wording import period_words, reasons_of
from .addressing import duty_in
from .lights import light_of

# What is missing, or may be: the reader is told who can waive it.
MISSING = (Status.DUE, Status.PLANNED, Status.OVERDUE)


@require_GET
def duty(request: HttpRequest, pk: int, kind: str, period: str) -> HttpResponse:
    """Say why a light stands as it does, what it was met by, and what can be done."""
    node = fetch(request.user, "see_life", Organization, pk=pk)
    wanted, when = duty_in(kind, period)
    today = timezone.localdate()
    reading = reading_of(node, when.first.year, on=today)
    owed = obligation_in_reading(reading, node, wanted, when)
    pulse = urlencode({"node": node.pk, "month": f"{when.first:%Y-%m}", "exact": 1})
    context = {
        "node": node,
        "kind": wanted,
        "period": when,
        "period_words": period_words(when),
        "owed": owed,
        "year_url": year_url(node, when.first.year),
        "pulse_url": f"{reverse('members:obligations:pulse')}?{pulse}",
        **(_of_owed(request, node, reading, owed, when, today) if owed else {}),
    }
    return render(request, "members/obligations/duty.html", context)


def _of_owed(
    request: HttpRequest, node: Organization, reading: Reading, owed: Obligation, when: Period, today: date
) -> dict[str, Any]:
    """Return what the page says of a duty that is owed, and what the reader may do about it."""
    user, kind = request.user, owed.kind
    of_duty = scope(user, "view", Waiver).filter(organization=node, kind=kind, period=when.code, revoked_on=None)
    waiver, is_above = of_duty.select_related("by").first(), is_superior(user, node)
    names_lectures = kind in NAMED and rights_of(user).holds_on(Right.HOLD_MEETINGS, node.path)
    may_waive = is_above and not refusal_of(owed, today)
    return {
        "light": light_of(node, owed),
        "reasons": reasons_of(owed, waiver=waiver.reason if waiver else ""),
        "records": held_for(user, owed),
        "planned": planned_for(user, owed),
        "lectures": lectures_of(user, reading, node, kind, when) if names_lectures else [],
        "plan_url": plan_url(user, node, owed, today),
        "held_url": held_url(user, node, owed),
        "talks_url": talks_url(user, node, when.first.year) if DUTIES[kind].meeting is None else "",
        "waive_url": reverse("members:obligations:waiver-create", args=[node.pk, kind, when.code]) if may_waive else "",
        "waived_by": _waived_by(node, today) if owed.status in MISSING and not may_waive else "",
        "waiver": waiver,
        "may_revoke": is_above,
        "report": _report(reading, owed) if kind is DutyKind.DEMOCRATIC_LIFE_MEETING else None,
    }


def _waived_by(node: Organization, today: date) -> str:
    """Return the name of the nearest node above from which somebody can waive what is owed; one statement."""
    offices = offices_of([node.path], today)
    above = offices.superiors(node.path)
    return offices.nodes[above[0][0]][1] if above and above[0][0] != node.path else ""


def _report(reading: Reading, owed: Obligation) -> dict[str, Any] | None:
    """Return until when the report on a democratic-life meeting is due and how many came: one statement."""
    if not owed.satisfied_by:
        return None
    record, share = owed.satisfied_by[-1], reading.ruleset["life.democratic_attendance"].share
    came = turnout_of(record.ref)
    return {
        "due_on": record.on + timedelta(days=reading.ruleset.amount("life.democratic_report_within")),
        "turnout": came,
        "is_low": bool(came.due) and came.came < came.due * share,
        "share": f"{share.numerator}/{share.denominator}",
    }


@require_POST
def lecture_mark(request: HttpRequest, pk: int, kind: str, period: str) -> HttpResponse:
    """Let a lecture count, or no longer count, as what the kind says."""
    node = fetch(request.user, "hold_meetings", Organization, pk=pk)
    wanted, when = duty_in(kind, period)
    number = request.POST.get("part", "")
    if wanted not in NAMED or not (number.isascii() and number.isdecimal()):
        raise RuleError(_("Choose the lecture."))
    rows = MeetingPart.objects.select_related("meeting")
    part = fetch(request.user, "lead", MeetingPart, queryset=rows, pk=number, meeting__organization=node.pk)
    if request.POST.get("counts") == "1":
        services.mark_lecture(part, wanted, by=request.user)
    else:
        services.unmark_lecture(part, wanted, by=request.user)
    return redirect("members:obligations:duty", pk=node.pk, kind=wanted, period=when.code)
