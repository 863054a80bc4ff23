"""The page of a vote and the figures that renew themselves on it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from members.meetings.models import MeetingState
from portal.access.policy import fetch, may
from portal.ballots.counts import Result, Row
from portal.ballots.queries import anonymity_label, elector_of, figures_of, hands_of, is_shown, papers_of, shown_result
from portal.ballots.rules import Rule
from portal.ballots.services import is_intact
from portal.ballots.vocabulary import BallotKind, BallotState, Mark

from ..models import MeetingVote
from ..queries import hall_of, is_held_again, obstacles_to
from .acts import acts_of
from .fetching import rows_of


@never_cache
@require_GET
def vote_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a vote: who may take part, how many have, what came of it; the chair's next step first."""
    vote = fetch(request.user, "view", MeetingVote, queryset=rows_of(request), pk=pk)
    ballot = vote.ballot
    own = elector_of(ballot, request.user)
    result = shown_result(ballot)
    acts = acts_of(request, vote)
    may_see_case = vote.subject_case is not None and may(request.user, "view", vote.subject_case)
    context = {
        "vote": vote,
        "ballot": ballot,
        "meeting": vote.meeting,
        "rule": Rule(ballot.rule).label,
        "tone": _TONES[BallotState(ballot.state)],
        "options": list(ballot.options.filter(is_candidate=True)),
        "hands": hands_of(ballot, request.user),
        "papers": papers_of(ballot, request.user),
        "obstacles": obstacles_to(vote) if may_see_case and vote.may_lead else [],
        "hall": hall_of(vote) if ballot.state == BallotState.PLANNED else None,
        "figures": figures_of([ballot])[ballot.pk],
        "may_vote": bool(own and ballot.is_open and own.is_present and own.voted_on is None),
        "has_voted": bool(own and own.voted_on),
        "label": anonymity_label(ballot),
        "result": result,
        "outcome_tone": _outcome_tone(result),
        "lines": _lines(vote, result),
        "is_unfinished": bool(result and result.open_seats and vote.meeting.state == MeetingState.ENDED)
        and not is_held_again(vote),
        "is_shown": is_shown(ballot),
        "is_intact": is_intact(ballot),
        "acts": acts,
        "may_see_case": may_see_case,
    }
    return render(request, "members/votes/vote_detail.html", context)


_TONES = {
    BallotState.PLANNED: "neutral",
    BallotState.OPEN: "waiting",
    BallotState.CLOSED: "info",
    BallotState.ANNULLED: "neutral",
}


def _outcome_tone(result: Result | None) -> str:
    if result is None:
        return "neutral"
    return {"passed": "success", "elected": "success", "rejected": "danger", "void": "danger", "revote": "warning"}.get(
        result.outcome, "info"
    )


def _lines(vote: MeetingVote, result: Result | None) -> list[dict[str, Any]]:
    """Return the count as rows of a table: an answer or a candidate, the numbers, what became of them."""
    if result is None:
        return []
    if vote.ballot.kind == BallotKind.PROPOSAL:
        return [{"name": row.label, "count": row.count} for row in result.rows]
    if vote.ballot.kind == BallotKind.ELECTION:
        return _candidates(vote, result)
    return [
        {
            "name": row.title if vote.ballot.kind != BallotKind.GRADING else f"{row.title}: {row.label}",
            "count": row.count,
            "note": _note(result, row, _("chosen")),
        }
        for row in result.rows
    ]


def _note(result: Result, row: Row, chosen: str = "") -> str:
    if row.option in result.elected:
        return chosen or pgettext("ballot", "elected")
    return _("level") if row.option in result.tied else ""


def _candidates(vote: MeetingVote, result: Result) -> list[dict[str, Any]]:
    """Return one row for each candidate and for whoever was written in."""
    stand = set(vote.ballot.options.filter(is_candidate=True).values_list("pk", flat=True))
    counts_against = any(row.choice == Mark.NO for row in result.rows)
    found = []
    for row in result.rows:
        if row.choice != Mark.YES:
            continue
        against = result.count(Mark.NO, row.option)
        is_counted = counts_against and row.option in stand
        found.append(
            {
                "name": row.title,
                "count": row.count,
                "against": against if is_counted else "–",
                "abstained": result.papers.valid - row.count - against if is_counted else "–",
                "is_written_in": row.option not in stand,
                "note": _note(result, row),
            }
        )
    return found


@never_cache
@require_GET
def vote_figures(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer how many have voted; to whoever leads the vote, before it the figures of the hall too."""
    vote = fetch(request.user, "view", MeetingVote, queryset=rows_of(request), pk=pk)
    found: dict[str, Any] = {"state": vote.ballot.state}
    if vote.ballot.state != BallotState.PLANNED:
        figures = figures_of([vote.ballot])[vote.ballot_id]
        found |= {"voted": figures.voted, "present": figures.present, "left": figures.left}
    elif vote.may_lead:
        hall = hall_of(vote)
        found |= {"due": hall.due, "present": hall.present, "needed": hall.needed, "ready": hall.can_open}
    return JsonResponse(found)
