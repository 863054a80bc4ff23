"""The list of activities, one activity, and what came of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, may, scope, with_power
from portal.ballots.queries import shown_result
from portal.organizations.models import Organization
from portal.reviews.queries import history
from portal.web.pagination import numbered_page

from ..forms import ActivityFilterForm
from ..models import SHOWN, Activity, Enrolment, EnrolmentState, Mode, Phase, State
from ..queries.contests import own_contribution, table
from ..queries.lists import MINE, filtered, seen_by
from ..queries.people import came_to, gallery, number_in_queue, place_of
from ..queries.places import startable

TONES = {
    Phase.DRAFT: "neutral", Phase.SUBMITTED: "waiting", Phase.RETURNED: "warning", Phase.APPROVED: "info",
    Phase.OPEN: "success", Phase.CLOSED: "neutral", Phase.HELD: "info", Phase.FINISHED: "neutral",
    Phase.CANCELLED: "danger",
}  # fmt: skip
POWERS = ("change", "lead", "cancel", "approve", "enrol", "contribute", "score")


def fetched(request: HttpRequest, action: str, pk: int) -> Activity:
    """Return an activity that the reader may ``action``, with what else the reader may do with it."""
    rows = Activity.objects.with_people().with_counts().select_related("ballot", "audience")
    for power in POWERS:
        rows = with_power(rows, request.user, power)
    activity: Activity = fetch(request.user, action, Activity, queryset=rows, pk=pk)
    return activity


@require_GET
def activity_list(request: HttpRequest) -> HttpResponse:
    """Show what one may see, narrowed by the address; one's own on tabs of their own."""
    now = timezone.now()
    form = ActivityFilterForm(request.GET)
    chosen = form.chosen
    mine = request.GET.get("mine", "")
    mine = mine if mine in MINE else ""
    node = _node(request)
    rows = filtered(seen_by(request.user), request.user, now=now, mine=mine, organization=node, **chosen)
    page = numbered_page(request, rows)
    address = reverse("members:activities:activity-list")
    clear = f"{address}?mine={mine}" if mine else address
    context = {
        "page": page,
        "rows": [{"activity": row, **facts(row, now)} for row in page],
        "filter_form": form,
        "filtered": bool(chosen) or node is not None,
        "clear_url": clear if chosen or node is not None else "",
        "node": node,
        "mine": mine,
        "tabs": [
            {"label": label, "url": f"{address}?mine={code}" if code else address, "current": mine == code}
            for code, label in (
                ("", _("All")), ("enrolled", _("Taking part")), ("started", _("Started by me")), ("jury", _("Jury")),
            )
        ],
        "new_url": reverse("members:activities:activity-create") if startable(request.user).exists() else "",
    }  # fmt: skip
    return render(request, "members/activities/activity_list.html", context)


def _node(request: HttpRequest) -> Organization | None:
    """Return the organization of the address; one that the reader does not see, or that is none, narrows nothing."""
    wanted = request.GET.get("organization", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        return None
    return scope(request.user, "view", Organization).filter(pk=int(wanted)).first()


def facts(activity: Activity, now: Any) -> dict[str, Any]:
    """Return what a row or page says of an activity, so that the template asks nothing."""
    phase = activity.phase(now)
    left = None if activity.limit is None else max(activity.limit - activity.enrolled, 0)
    return {"phase": phase, "phase_label": phase.label, "tone": TONES[phase], "left": left}


@require_GET
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an activity to whoever may see it, with the one thing to do next."""
    activity, now = fetched(request, "view", pk), timezone.now()
    is_shown = activity.state in SHOWN
    place = place_of(activity, request.user)
    is_in = place is not None
    mine = own_contribution(activity, place) if activity.takes_contributions and place is not None else None
    context = {
        "activity": activity,
        **facts(activity, now),
        "show_online": activity.mode != Mode.ON_SITE and (is_in or activity.may_lead or activity.may_score),
        "criteria": list(activity.criteria.all()),
        "jurors": [row.user.name for row in activity.jurors.select_related("user")],
        "place": place,
        "queue": number_in_queue(place),
        "mine": mine,
        "begun": now >= activity.begins_at,
        "actions": _actions(activity, place, now),
        "pictures": gallery(activity) if is_shown else [],
        "steps": list(history(activity.review)) if activity.may_change or activity.may_approve else [],
        "results_url": reverse("members:activities:results", args=[activity.pk]) if _has_results(activity) else "",
        "vote_url": _vote_url(request, activity),
        "repeat_url": reverse("members:activities:activity-create") + f"?like={activity.pk}"
        if activity.may_change and activity.state in (State.FINISHED, State.CANCELLED)
        else "",
    }
    return render(request, "members/activities/activity_detail.html", context)


def _has_results(activity: Activity) -> bool:
    return activity.state == State.FINISHED or (activity.state == State.HELD and activity.scored_at is not None)


def _vote_url(request: HttpRequest, activity: Activity) -> str:
    """Return where the reader votes while the vote is open, ``""`` for whoever may not."""
    ballot = activity.ballot
    if ballot is None or not ballot.is_open or not may(request.user, "vote", ballot):
        return ""
    return reverse("ballots:ballot-vote", args=[ballot.pk])


def _actions(activity: Activity, place: Enrolment | None, now: Any) -> list[dict[str, Any]]:
    """Return what the reader may do now, what comes next first."""
    phase, begun = activity.phase(now), now >= activity.begins_at
    found: list[tuple[bool, str, Any, str]] = [
        (activity.may_change and phase in (Phase.DRAFT, Phase.RETURNED), "activity-submit", _("Hand in"), "send"),
        (activity.may_change and phase in (Phase.DRAFT, Phase.RETURNED), "activity-edit", _("Go on writing"), "pencil"),
        (activity.may_approve and phase == Phase.SUBMITTED, "activity-decide", _("Decide"), "clipboard-check"),
        (activity.may_enrol and not activity.may_score and phase == Phase.OPEN and place is None
         and (activity.limit is None or activity.enrolled < activity.limit or activity.has_waiting_list),
         "enrol", _("Enrol") if activity.limit is None or activity.enrolled < activity.limit
         else _("Go on the waiting list"), "person-check"),
        (activity.may_score and begun and activity.scored_at is None and activity.state in (State.APPROVED, State.HELD),
         "score-sheet", _("Score"), "list-check"),
        (activity.may_contribute and activity.takes_contributions and not begun and place is not None
         and place.state == EnrolmentState.ENROLLED and activity.state == State.APPROVED,
         "contribute", _("Hand something in"), "upload"),
        (activity.team_size is not None and place is not None and activity.state == State.APPROVED and not begun,
         "team-change", _("Change my team"), "people"),
        (activity.may_lead and activity.state in SHOWN, "activity-desk", _("Organizer's desk"),
         "list-check"),
        (place is not None and activity.state == State.APPROVED and not begun, "withdraw", _("Give up my place"),
         "x-circle"),
        (activity.may_cancel and activity.state in (State.SUBMITTED, State.RETURNED, State.APPROVED),
         "activity-cancel", _("Call off"), "x-circle"),
        (activity.may_change and phase == Phase.DRAFT and not activity.review.version_count, "activity-discard",
         _("Throw away"), "trash"),
    ]  # fmt: skip
    return [
        {"label": label, "url": reverse(f"members:activities:{name}", args=[activity.pk]), "icon": icon}
        for holds, name, label, icon in found
        if holds
    ]


@require_GET
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what came of an activity that has ended: ranks, the vote, pictures, how it went."""
    activity = fetched(request, "view", pk)
    if not _has_results(activity):
        raise Http404
    rows = list(table(activity))
    ballot = activity.ballot if activity.ballot is not None and activity.ballot.is_closed else None
    result = shown_result(ballot) if ballot else None
    context = {
        "activity": activity,
        "rows": [{"row": row, "score": f"{row.score / 100:.2f}" if row.score is not None else ""} for row in rows],
        "has_scores": any(row.score is not None for row in rows),
        "has_votes": any(row.votes is not None for row in rows),
        "result": result,
        "came": came_to(activity),
        "pictures": gallery(activity),
    }
    return render(request, "members/activities/results.html", context)
