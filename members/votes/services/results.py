"""What the result of a vote is read from, for whatever follows from it.

The portal never decides: a result changes nothing until somebody who may records it.
"""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.ballots.counts import Result
from portal.ballots.queries import result_of
from portal.ballots.vocabulary import Outcome
from portal.web.refusals import RuleError

from ..models import MeetingVote


def day_of(vote: MeetingVote) -> date:
    """Return the day on which the vote was held, in the university's time."""
    assert vote.ballot.closed_at is not None
    return timezone.localdate(vote.ballot.closed_at)


def closed_result(vote: MeetingVote) -> Result:
    """Return the frozen result; raise ``RuleError`` for a vote that is not closed, or void."""
    result = result_of(vote.ballot)
    if result is None:
        raise RuleError(_("This vote is not closed yet."))
    if result.outcome == Outcome.VOID:
        raise RuleError(_("The ballot is void; nothing follows from it."))
    return result
