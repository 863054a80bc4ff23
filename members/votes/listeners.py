"""What votes hear: a ballot has closed, a meeting wants to end."""

from typing import Any

from django.utils.translation import gettext as _

from members.meetings import signals as meetings
from members.meetings.models import Meeting
from members.minutes.sources import VoteSource, vote_sources
from portal.ballots import signals as ballots
from portal.ballots.models import Ballot
from portal.web.refusals import RuleError

from .models import MeetingVote
from .queries import is_any_open, vote_facts
from .services.holding import tell_closed


def refuse_while_open(sender: Any, *, meeting: Meeting, **rest: Any) -> None:
    """Let no meeting end over an open vote."""
    if is_any_open(meeting):
        raise RuleError(_("A vote is open. Close or annul it before the meeting ends."))


def pass_on(sender: Any, *, ballot: Ballot, by: Any, **rest: Any) -> None:
    """Tell of a vote when its ballot closes, whoever closed it."""
    rows = MeetingVote.objects.select_related("ballot", "meeting__organization")
    if vote := rows.filter(ballot=ballot).first():
        vote.ballot = ballot
        tell_closed(vote, by=by)


def listen() -> None:
    meetings.closed.connect(refuse_while_open, dispatch_uid="votes.refuse_while_open")
    ballots.closed.connect(pass_on, dispatch_uid="votes.pass_on")
    vote_sources.register(VoteSource("meeting-votes", vote_facts))
