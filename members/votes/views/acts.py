"""What the chair can do with a vote now, the next thing first."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from members.meetings.models import MeetingState
from portal.access.policy import may
from portal.ballots.queries import shown_result
from portal.ballots.rules import TERMS, Rule
from portal.ballots.vocabulary import BallotState, Way

from ..models import MeetingVote
from ..queries import circle_of, hall_of, is_held_again, is_still_to_record
from ..rules import Purpose
from .steps import STEPS


@dataclass(frozen=True, slots=True)
class Act:
    label: str
    url: str
    is_main: bool = False


def _possible(request: HttpRequest, vote: MeetingVote) -> list[str]:
    """Return the steps that make sense now, the main one first; each service looks again for itself."""
    ballot, meeting = vote.ballot, vote.meeting
    if ballot.state == BallotState.PLANNED:
        first = ["open"] if meeting.state == MeetingState.IN_SESSION and hall_of(vote).can_open else []
        takes_written = TERMS[Rule(ballot.rule)].written and meeting.state == MeetingState.CONVENED
        return [*first, *(["written"] if takes_written else []), "annul"]
    if ballot.state == BallotState.OPEN:
        return _while_open(vote)
    if ballot.state != BallotState.CLOSED:
        return []
    result, found = shown_result(ballot), []
    if result is None or result.outcome == "void":
        return []
    if vote.subject_case and is_still_to_record(vote) and may(request.user, "record", vote.subject_case):
        found.append("record")
    if result.open_seats and meeting.state == MeetingState.IN_SESSION and not is_held_again(vote):
        found.append("again")
    return found


def _while_open(vote: MeetingVote) -> list[str]:
    electors = vote.ballot.electors
    found = ["close"]
    if electors.filter(is_present=True, voted_on=None).exists():
        found.append("papers")
    if electors.filter(way=Way.PAPER).exists():
        found.append("count")
    late = circle_of(vote).present
    if electors.filter(user__in=late, is_present=False, voted_on=None).exists():
        found.append("admit")
    return [*found, "annul"]


def acts_of(request: HttpRequest, vote: Any) -> list[Act]:
    acts = []
    if vote.may_lead:
        acts = [
            Act(str(STEPS[verb].label), reverse("members:votes:vote-step", args=[vote.pk, verb]), place == 0)
            for place, verb in enumerate(_possible(request, vote))
        ]
        if acts and acts[0].url.endswith("/annul/"):
            acts[0] = Act(acts[0].label, acts[0].url)
    result = shown_result(vote.ballot)
    if vote.may_approve and vote.purpose == Purpose.ELECTION and vote.approved_on is None and result and result.elected:
        url = reverse("members:votes:election-approve", args=[vote.pk])
        acts.append(Act(_("Record the approval"), url, not any(act.is_main for act in acts)))
    return acts
