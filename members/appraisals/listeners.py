"""What appraisals hear from others: a paper that is about to be taken, and the meeting they are held in."""

from typing import Any

from django.dispatch import receiver

from members.meetings import signals as meetings
from members.minutes.sources import VoteSource, vote_sources
from portal.ballots.signals import casting

from .queries.gathering import KIND, vote_facts
from .services import choose_by_itself, refuse_paper, refuse_while_open


@receiver(casting, dispatch_uid="appraisals.casting")
def on_casting(sender: Any, *, ballot: Any, user: Any, choices: Any, **_kwargs: Any) -> None:
    refuse_paper(ballot, user, choices)


@receiver(meetings.convened, dispatch_uid="appraisals.convened")
def on_convened(sender: Any, *, meeting: Any, by: Any, **_kwargs: Any) -> None:
    """Let a meeting convened for the appraisal of its branch be the one in which it is held."""
    if meeting.parts.filter(kind=KIND).exists():
        choose_by_itself(meeting, by=by)


@receiver(meetings.closed, dispatch_uid="appraisals.closed")
def on_closed(sender: Any, *, meeting: Any, **_kwargs: Any) -> None:
    refuse_while_open(meeting)


def listen() -> None:
    """Let minutes learn what came of an appraisal that was held in their meeting."""
    vote_sources.register(VoteSource("appraisals", vote_facts, order=200))
