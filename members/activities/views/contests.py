"""The sheet of a juror, closing the scores, the vote of the audience, one contribution."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.access.policy import fetch

from .. import services
from ..models import Contribution, State
from ..queries.contests import sheet
from .lists import fetched
from .planning import moved_on


@require_http_methods(["GET", "POST"])
def score_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a juror the contributions with a box for each criterion, and take the points."""
    activity = fetched(request, "score", pk)
    if activity.state not in (State.APPROVED, State.HELD):
        return moved_on(request, activity)
    criteria = list(activity.criteria.all())
    rows = list(activity.contributions.select_related("user", "team").order_by("pk"))
    given: dict[tuple[int, int], Any] = dict(sheet(activity, request.user))
    errors: list[str] = []
    if request.method == "POST":
        points, sent, errors = _read(request, rows, criteria)
        given |= sent
        if not errors:
            try:
                services.score(activity, request.user, points)
            except ValidationError as refusal:
                errors = refusal.messages
            else:
                messages.success(request, _("Your scores are kept. You can change them until they are closed."))
                return redirect("members:activities:score-sheet", pk=activity.pk)
    context = {
        "activity": activity,
        "errors": errors,
        "begun": timezone.now() >= activity.begins_at,
        "closed": activity.scored_at is not None,
        "rows": [
            {
                "contribution": row,
                "boxes": [
                    {
                        "name": f"p-{row.pk}-{criterion.pk}",
                        "criterion": criterion,
                        "value": given.get((row.pk, criterion.pk), ""),
                    }
                    for criterion in criteria
                ],
            }
            for row in rows
        ],
    }
    return render(request, "members/activities/score_sheet.html", context, status=422 if errors else 200)


def _read(
    request: HttpRequest, rows: list[Contribution], criteria: list[Any]
) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], str], list[str]]:
    """Return the points, all that was typed, and what is wrong with it; an empty box gives nothing."""
    points: dict[tuple[int, int], int] = {}
    sent: dict[tuple[int, int], str] = {}
    errors = []
    for row in rows:
        for criterion in criteria:
            text = request.POST.get(f"p-{row.pk}-{criterion.pk}", "").strip()
            if not text:
                continue
            key = (row.pk, criterion.pk)
            sent[key] = text[:6]
            if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= criterion.most):
                errors.append(
                    _("%(title)s, %(criterion)s: give whole points from 0 to %(most)d.")
                    % {"title": row.title, "criterion": criterion.title, "most": criterion.most}
                )
            else:
                points[key] = int(text)
    return points, sent, errors


def led(request: HttpRequest, pk: int, act: Any, words: str, **given: Any) -> HttpResponse:
    """Do something from the desk; what is refused is said there."""
    activity = fetched(request, "lead", pk)
    try:
        act(activity, by=request.user, **given)
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
    else:
        messages.success(request, words)
    return redirect("members:activities:activity-desk", pk=pk)


@require_POST
def scores_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the scores of the jury, leaving out unfinished sheets if that is ticked."""
    words = _("The scores are closed; the ranks stand.")
    return led(request, pk, services.close_scores, words, leave_out=request.POST.get("leave_out") == "on")


@require_POST
def vote_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the vote of the audience."""
    return led(request, pk, services.open_vote, _("The vote is open; everyone who has a place is told."))


@require_POST
def vote_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the vote of the audience."""
    return led(request, pk, services.close_vote, _("The vote is closed."))


@require_GET
def contribution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what somebody handed in to whoever may see it."""
    rows = Contribution.objects.select_related("activity", "user", "team", "file")
    row = fetch(request.user, "view", Contribution, queryset=rows, pk=pk)
    context = {"row": row, "files": [row.file] if row.file else []}
    return render(request, "members/activities/contribution_detail.html", context)


