"""What follows from a result: the step of recruitment, the posts of an election, another vote on those who were level.

The portal never decides: a result changes nothing until somebody who may records it.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.meetings.models import AgendaItem
from members.recruitment import services as recruitment
from members.recruitment.engine.details import BallotFact, Details, Minutes, Outcome, ReviewFact
from members.recruitment.models import StepRecord
from members.recruitment.services import Filed
from portal.accounts.models import User
from portal.audit import services as audit
from portal.ballots.counts import Result
from portal.ballots.queries import result_of
from portal.ballots.vocabulary import Mark
from portal.ballots.vocabulary import Outcome as Came
from portal.organizations.models import Appointment, AppointmentMode
from portal.organizations.services import appoint, dismiss, update_organization
from portal.web.refusals import RuleError

from ..models import MeetingVote
from ..rules import Purpose
from .holding import create_vote

_DAY = timedelta(days=1)


def day_of(vote: MeetingVote) -> date:
    """Return the day on which the vote was held, in the university's time."""
    assert vote.ballot.closed_at is not None
    return timezone.localdate(vote.ballot.closed_at)


def closed_result(vote: MeetingVote) -> Result:
    """Return the frozen result; raise ``RuleError`` for a vote that is not closed, or void."""
    result = result_of(vote.ballot)
    if result is None:
        raise RuleError(_("This vote is not closed yet."))
    if result.outcome == Came.VOID:
        raise RuleError(_("The ballot is void; nothing follows from it."))
    return result


def details_of(
    vote: MeetingVote, *, candidate_present: bool = True, sponsors_present: int = 0, opinion: str = ""
) -> Details:
    """Return the details of the step of recruitment that the result says."""
    result = closed_result(vote)
    yes, no = result.count(Mark.YES), result.count(Mark.NO)
    outcome = Outcome(vote.proposed or Outcome.PASSED) if result.passed else Outcome.REJECTED
    if vote.purpose == Purpose.REVIEW:
        rest = result.present - yes - no
        return ReviewFact(outcome, Minutes(result.due, result.present, yes, no, rest), opinion)
    papers = result.papers
    return BallotFact(
        outcome=outcome,
        due=result.due,
        present=result.present,
        issued=papers.online + papers.issued,
        returned=papers.online + papers.returned,
        yes=yes,
        no=no,
        abstain=result.count(Mark.ABSTAIN),
        invalid=papers.void,
        written=papers.written,
        candidates=1,
        is_secret=vote.ballot.is_secret,
        candidate_present=candidate_present,
        sponsors_present=sponsors_present,
        months=vote.months if outcome is Outcome.EXTENDED else 0,
    )


@transaction.atomic
def record_step(
    vote: MeetingVote,
    *,
    candidate_present: bool = True,
    sponsors_present: int = 0,
    opinion: str = "",
    is_signed: bool = False,
    by: User,
) -> StepRecord:
    """Enter the result in the person's case, with the papers it leaves; once.

    Raises ``RecordRefused`` with everything that the rules of recruitment forbid.
    """
    vote = MeetingVote.objects.select_for_update(of=("self",)).select_related("ballot", "subject_case").get(pk=vote.pk)
    if vote.subject_case is None:
        raise RuleError(_("This vote is about no case of recruitment."))
    if vote.record_id is not None:
        raise RuleError(_("The result has been recorded in the case already."))
    on = day_of(vote) if vote.ballot.closed_at else timezone.localdate()
    details = details_of(
        vote, candidate_present=candidate_present, sponsors_present=sponsors_present, opinion=opinion
    )
    codes = ("committee_minutes",) if vote.purpose == Purpose.REVIEW else ("ballot_summary", "resolution")
    papers = [Filed(code, dated_on=on, is_signed=is_signed) for code in codes]
    row = recruitment.record(vote.subject_case, vote.step, on=on, details=details, by=by, documents=papers)
    vote.record, vote.waits_for = row, ""
    vote.save(update_fields=["record", "waits_for"])
    return row


@transaction.atomic
def approve_election(
    vote: MeetingVote,
    *,
    on: date,
    until: date | None = None,
    number: str = "",
    is_term: bool = True,
    by: User,
) -> list[Appointment]:
    """Record the superior's approval of an election and write the posts of those elected, from ``on`` until ``until``.

    At the end of a term the present holders of the post step down the day before; a by-election adds to them.
    """
    vote = (
        MeetingVote.objects.select_for_update(of=("self",))
        .select_related("ballot", "meeting__organization")
        .get(pk=vote.pk)
    )
    result, reasons = closed_result(vote), []
    if vote.purpose != Purpose.ELECTION or not result.elected:
        raise RuleError(_("Nobody was elected in this vote."))
    if vote.approved_on is not None:
        raise RuleError(_("The approval of this election is recorded already."))
    if on < day_of(vote):
        reasons.append(_("The approval cannot come before the election."))
    if on > timezone.localdate():
        reasons.append(_("The approval is recorded when it has come."))
    if until is not None and until <= on:
        reasons.append(_("The term cannot end before it begins."))
    if reasons:
        raise RuleError(reasons)
    node = vote.meeting.organization
    elected = [option.person for option in vote.ballot.options.filter(pk__in=result.elected) if option.person]
    if is_term:
        for held in Appointment.objects.filter(organization=node, post=vote.post, ended_at=None).order_by("pk"):
            dismiss(held, on=on - _DAY, by=by)
        if vote.post in ("secretary", "committee_member"):
            update_organization(node, by=by, term_started_on=on)
    mode = AppointmentMode.ELECTED if is_term else AppointmentMode.BY_ELECTION
    made = [
        appoint(person, node, vote.post, on=on, until=until, mode=mode, approval_doc_no=number, by=by)
        for person in elected
    ]
    vote.approved_on, vote.approved_by, vote.approval_number, vote.waits_for = on, by, number, ""
    vote.full_clean()
    vote.save(update_fields=["approved_on", "approved_by", "approval_number", "waits_for"])
    names = "、".join(person.name for person in elected)
    audit.record(
        "votes.election_approved", vote, by=by, at=node,
        changes={"elected": ["", names], "approved_on": [None, on], "number": ["", number]},
    )  # fmt: skip
    return made


@transaction.atomic
def hold_again(vote: MeetingVote, *, by: User) -> MeetingVote:
    """Prepare another vote: on those who were level where some were, else on all who were not elected."""
    vote = MeetingVote.objects.select_for_update(of=("self",)).select_related("ballot").get(pk=vote.pk)
    result = closed_result(vote)
    if vote.purpose != Purpose.ELECTION or not result.open_seats:
        raise RuleError(_("No post is left to be voted on again."))
    if vote.repeats.exclude(ballot__state="annulled").exists():
        raise RuleError(_("Another vote on these posts is prepared already."))
    left = vote.ballot.options.exclude(pk__in=result.elected).select_related("person")
    if result.tied:
        left = left.filter(pk__in=result.tied)
    people = [option.person for option in left if option.person]
    item = vote.item or AgendaItem.objects.filter(meeting=vote.meeting_id).order_by("number").first()
    if item is None:
        raise RuleError(_("The agenda has no matter to which this could belong."))
    seats = result.open_seats
    rule = vote.ballot.rule if len(people) > seats else "election_equal"
    again = create_vote(
        item, purpose=vote.purpose, title=_("%(title)s, again") % {"title": vote.ballot.title[:180]},
        rule=rule, post=vote.post, people=people, seats=min(seats, len(people)), by=by,
    )  # fmt: skip
    again.again = vote
    again.save(update_fields=["again"])
    return again
