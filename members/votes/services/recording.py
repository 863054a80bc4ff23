"""Enter a result as the step of recruitment that it decided."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.recruitment import services as recruitment
from members.recruitment.engine.details import (
    BallotFact,
    Details,
    Minutes,
    NominationFact,
    Outcome,
    ReviewFact,
)
from members.recruitment.models import StepRecord
from members.recruitment.services import Filed
from portal.accounts.models import User
from portal.ballots.counts import Result
from portal.ballots.vocabulary import Mark
from portal.web.refusals import RuleError

from ..models import MeetingVote
from ..rules import KINDS, Purpose
from .results import closed_result, day_of


@dataclass(frozen=True, slots=True)
class Beside:
    """What a record of recruitment says beside the count, as whoever records it knows it."""

    # Of a congress.
    candidate_present: bool = True
    sponsors_present: int = 0
    # Of a committee's review.
    opinion: str = ""
    # Of a nomination: who put the applicant forward, and when.
    by_league: bool = False
    recommended_on: date | None = None


def details_of(vote: MeetingVote, beside: Beside) -> Details:
    """Return the details of the step of recruitment that the result says."""
    result = closed_result(vote)
    outcome = Outcome(vote.proposed or Outcome.PASSED) if result.passed else Outcome.REJECTED
    if vote.purpose == Purpose.NOMINATION:
        return _nomination(result, beside, day_of(vote))
    if vote.purpose == Purpose.REVIEW:
        return ReviewFact(outcome, _minutes(result), beside.opinion)
    return _ballot(vote, result, outcome, beside)


def _minutes(result: Result) -> Minutes:
    yes, no = result.count(Mark.YES), result.count(Mark.NO)
    return Minutes(result.due, result.present, yes, no, result.present - yes - no)


def _nomination(result: Result, beside: Beside, on: date) -> NominationFact:
    if not result.passed:
        raise RuleError(_("The applicant was not decided on as activist; there is no step to record."))
    return NominationFact(beside.by_league, beside.recommended_on or on, _minutes(result))


def _ballot(vote: MeetingVote, result: Result, outcome: Outcome, beside: Beside) -> BallotFact:
    papers = result.papers
    return BallotFact(
        outcome=outcome,
        due=result.due,
        present=result.present,
        issued=papers.online + papers.issued,
        returned=papers.online + papers.returned,
        yes=result.count(Mark.YES),
        no=result.count(Mark.NO),
        abstain=result.count(Mark.ABSTAIN),
        invalid=papers.void,
        written=papers.written,
        candidates=1,
        is_secret=vote.ballot.is_secret,
        candidate_present=beside.candidate_present,
        sponsors_present=beside.sponsors_present,
        months=vote.months if outcome is Outcome.EXTENDED else 0,
    )


# The papers that a step leaves when it was decided by a vote.
_PAPERS = {
    Purpose.NOMINATION: ("recommendation", "committee_minutes"),
    Purpose.REVIEW: ("committee_minutes",),
    Purpose.ADMISSION: ("ballot_summary", "resolution"),
    Purpose.CONVERSION: ("ballot_summary", "resolution"),
}


@transaction.atomic
def record_step(vote: MeetingVote, *, is_signed: bool = False, by: User, **beside: Any) -> StepRecord:
    """Enter the result in the person's case, with the papers it leaves; once. ``beside`` are the fields of ``Beside``.

    Raises ``RecordRefused`` with everything that the rules of recruitment forbid.
    """
    vote = MeetingVote.objects.select_for_update(of=("self",)).select_related("ballot", "subject_case").get(pk=vote.pk)
    if vote.subject_case is None or vote.purpose not in KINDS:
        raise RuleError(_("The result of this vote is no step of a case of recruitment."))
    if vote.record_id is not None:
        raise RuleError(_recorded_by(vote))
    on = day_of(vote) if vote.ballot.closed_at else timezone.localdate()
    details = details_of(vote, Beside(**beside))
    papers = [Filed(code, dated_on=on, is_signed=is_signed) for code in _PAPERS[Purpose(vote.purpose)]]
    row = recruitment.record(vote.subject_case, vote.step, on=on, details=details, by=by, documents=papers)
    vote.record, vote.waits_for = row, ""
    vote.save(update_fields=["record", "waits_for"])
    return row


def _recorded_by(vote: MeetingVote) -> str:
    record = vote.record
    assert record is not None
    time = date_format(timezone.localtime(record.recorded_at), "SHORT_DATETIME_FORMAT")
    return _("%(name)s has recorded the result in the case already, %(time)s.") % {
        "name": record.recorded_by, "time": time,
    }  # fmt: skip
