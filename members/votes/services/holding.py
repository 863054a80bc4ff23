"""Prepare a vote in a meeting, open it to those who are there, count, close."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from members.meetings.models import AgendaItem, Meeting, MeetingPart, MeetingState
from members.recruitment.models import Case
from portal.accounts.models import User
from portal.ballots import services as ballots
from portal.ballots.counts import Result
from portal.ballots.models import PaperCount
from portal.ballots.queries import result_of
from portal.ballots.vocabulary import BallotState
from portal.web.refusals import RuleError

from .. import notices, signals
from ..models import MeetingVote
from ..queries import circle_of, eligible_in, is_any_open, others_in
from ..rules import STEPS, Purpose, Waits, form_of, posts_for, waits_after

COMING = (MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.IN_SESSION)


@transaction.atomic
def create_vote(
    item: AgendaItem,
    *,
    purpose: str,
    title: str,
    words: str = "",
    rule: str = "",
    is_secret: bool = True,
    case: Case | None = None,
    step: str = "",
    proposed: str = "",
    months: int = 0,
    post: str = "",
    people: Sequence[User] = (),
    options: Sequence[str] = (),
    seats: int = 1,
    by: User,
) -> MeetingVote:
    """Prepare a vote on a matter of the agenda; people are voted on one at a time, each with a vote of their own.

    Raises ``RuleError`` for a meeting that is over, and for a purpose that is not of this kind of meeting.
    """
    meeting = hold_meeting(item.meeting_id, *COMING)
    part = item.part
    part.meeting = meeting
    form, step = form_of(purpose, part.kind), step or STEPS.get(purpose, ("",))[0]
    if form is None:
        raise RuleError(_("This is not decided in a meeting of this kind."))
    rule = rule or form.rules[0]
    if rule not in form.rules:
        raise RuleError(_("This is not decided by such a rule."))
    if purpose == Purpose.ELECTION:
        _refuse_election(part, post, people)
    if case is not None:
        _refuse_twice(case, purpose, step)
    ballot = ballots.create_ballot(
        meeting.organization, kind=form.kind, title=title, words=words, rule=rule,
        is_secret=is_secret or form.secret_only, seats=seats, people=people, options=options,
        url=meeting.get_absolute_url(), by=by,
    )  # fmt: skip
    vote = MeetingVote(
        meeting=meeting, part=part, item=item, ballot=ballot, purpose=purpose, subject_case=case,
        step=step, proposed=proposed, months=months, post=post,
    )  # fmt: skip
    vote.full_clean()
    vote.save()
    return vote


def _refuse_election(part: MeetingPart, post: str, people: Sequence[User]) -> None:
    if post not in posts_for(part.meeting.organization.org_type):
        raise RuleError(_("This post is not filled by election here."))
    if eligible_in(part).filter(pk__in=[person.pk for person in people]).count() != len(people):
        raise RuleError(_("Only full members of this circle whose vote does not rest can be elected."))


def _refuse_twice(case: Case, purpose: str, step: str) -> None:
    to_come = {"ballot__state__in": [BallotState.PLANNED, BallotState.OPEN], "meeting__state__in": COMING}
    rows = MeetingVote.objects.filter(subject_case=case, purpose=purpose, step=step, **to_come)
    if first := rows.select_related("meeting").first():
        raise RuleError(
            _("A vote about this person is prepared already, in “%(meeting)s”."), params={"meeting": first.meeting}
        )


def hold_meeting(meeting_id: int, *states: MeetingState) -> Meeting:
    """Hold a meeting until the transaction ends, so that its votes come one after the other."""
    rows = Meeting.objects.select_for_update(no_key=True, of=("self",)).select_related("organization")
    meeting = rows.get(pk=meeting_id)
    if meeting.state not in states:
        in_session = states == (MeetingState.IN_SESSION,)
        raise RuleError(_("The meeting is not in session.") if in_session else _("The meeting is over."))
    return meeting


@transaction.atomic
def open_vote(vote: MeetingVote, *, by: User) -> MeetingVote:
    """Open a vote to those who have come in; one at a time, and never below the quorum."""
    meeting = hold_meeting(vote.meeting_id, MeetingState.IN_SESSION)
    if is_any_open(meeting):
        raise RuleError(_("Another vote of this meeting is open. Close it first: one at a time."))
    if vote.part is None:
        raise RuleError(_("The kind of meeting this was prepared for is gone. Annul the vote and prepare it again."))
    circle = circle_of(vote)
    if not circle.due:
        raise RuleError(_("Nobody may vote here."))
    ballots.open_ballot(
        vote.ballot, electors=circle.due, present=circle.present, others=others_in(vote), by=by
    )  # fmt: skip
    vote.ballot.refresh_from_db()
    return vote


@transaction.atomic
def admit_latecomers(vote: MeetingVote, *, by: User) -> int:
    """Let those take part who have come in since the opening; return how many."""
    hold_meeting(vote.meeting_id, MeetingState.IN_SESSION)
    late = ballots.admit_present(vote.ballot, circle_of(vote).present, by=by)
    if not late:
        raise RuleError(_("Nobody who may vote has come in since."))
    return late


@transaction.atomic
def take_written(vote: MeetingVote, user: User, answer: str, *, by: User) -> None:
    """Put in the written opinion of somebody absent; it came before the meeting began (XZ14)."""
    meeting = hold_meeting(vote.meeting_id, *COMING)
    if meeting.state != MeetingState.CONVENED:
        raise RuleError(_("Written opinions count when they came after the convening and before the meeting began."))
    if user.pk not in circle_of(vote).due:
        raise RuleError(_("%(name)s may not vote in this meeting."), params={"name": user.name})
    ballots.record_written(vote.ballot, user, {None: answer}, by=by)


def hand_out_papers(vote: MeetingVote, people: Iterable[int] | None = None, *, by: User) -> int:
    """Give papers to people who are there; by default to all who have not voted."""
    return ballots.hand_out(vote.ballot, people, by=by)


def count_papers(
    vote: MeetingVote,
    counts: Mapping[tuple[int | None, str], int],
    *,
    issued: int,
    returned: int,
    void: int,
    tellers: Sequence[User],
    by: User,
) -> PaperCount:
    """Enter what the tellers found in the box."""
    return ballots.record_paper_count(
        vote.ballot, counts, issued=issued, returned=returned, void=void, tellers=tellers, by=by
    )


@transaction.atomic
def close_vote(vote: MeetingVote, *, by: User) -> Result:
    """Close a vote and freeze its result."""
    hold_meeting(vote.meeting_id, MeetingState.IN_SESSION)
    return ballots.close_ballot(vote.ballot, by=by)


@transaction.atomic
def annul_vote(vote: MeetingVote, *, reason: str, by: User) -> MeetingVote:
    """Annul a vote that is not closed."""
    ballots.annul(vote.ballot, reason, by=by)
    return vote


def tell_closed(vote: MeetingVote, *, by: User | None) -> None:
    """Note what the result of a vote that has closed waits for, and tell whoever listens."""
    result = result_of(vote.ballot)
    assert result is not None
    vote.waits_for = waits_after(vote.purpose, result.outcome, is_anybody_elected=bool(result.elected))
    vote.save(update_fields=["waits_for"])
    if vote.waits_for == Waits.APPROVE:
        titles = vote.ballot.options.filter(pk__in=result.elected).values_list("title", flat=True)
        notices.election_held(vote, "、".join(titles), by=by)
    signals.closed.send(MeetingVote, vote=vote, result=result, by=by)


