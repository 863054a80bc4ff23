"""What is read of the votes of meetings: the list on its page, the circle of one, what still waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as SqlCase
from django.db.models import Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from members.meetings.models import Attendance, Meeting, MeetingPart, MeetingState
from members.meetings.queries.circles import circle_of_part, day_of, seats_on
from members.minutes.rules import VoteFact
from members.recruitment.models import Case, StepRecord
from members.recruitment.queries.leave import leaves_of
from portal.access.policy import scope, with_power
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.ballots.models import Ballot, Elector
from portal.ballots.queries import Figures, figures_of, open_for, result_of, shown_result
from portal.ballots.rules import Rule, min_present, min_yes
from portal.ballots.vocabulary import BallotKind, BallotState, Mark, Outcome, Way

from .models import MeetingVote
from .rules import KINDS, Purpose, Waits

# In the room: came in, and has not left.
HERE = Q(checked_in_at__isnull=False, left_at=None)


@dataclass(frozen=True, slots=True)
class Circle:
    """Who votes: keys of accounts. ``due`` is the base, ``present`` those of it in the room."""

    due: frozenset[int]
    present: frozenset[int]


@dataclass(frozen=True, slots=True)
class Hall:
    """The figures of a vote before it opens."""

    due: int
    present: int
    needed: int
    carries: int

    @property
    def can_open(self) -> bool:
        return bool(self.due) and self.present >= self.needed


def voters_of(vote: MeetingVote) -> QuerySet[Attendance]:
    """Return the rows of those who may vote: by their seat in this kind of meeting, not left out of the base."""
    if vote.part is None:
        return Attendance.objects.none()
    return circle_of_part(vote.part).filter(may_vote=True, excluded_words="")


def eligible_in(part: MeetingPart) -> QuerySet[User]:
    """Return who can be elected in a part of a sitting: whoever has a vote there on its day (XJ20 5)."""
    meeting = part.meeting
    seats = seats_on(meeting.organization, [part.kind], on=day_of(meeting), with_observers=False)
    keys = [key for key, seat in seats.items() if seat.may_vote and not seat.excluded_words]
    return User.objects.filter(pk__in=keys, is_active=True).order_by("name", "pk")


def others_in(vote: MeetingVote) -> frozenset[int]:
    """Return the keys of those who may be elected without standing; between people who were level nobody else may."""
    decides_a_tie = vote.again is not None and (before := result_of(vote.again.ballot)) and before.tied
    if vote.purpose != Purpose.ELECTION or vote.part is None or decides_a_tie:
        return frozenset()
    return frozenset(eligible_in(vote.part).values_list("pk", flat=True))


def is_held_again(vote: MeetingVote) -> bool:
    return vote.repeats.exclude(ballot__state=BallotState.ANNULLED).exists()


def people_here(meeting: Meeting) -> QuerySet[User]:
    """Return who is in the room: anybody of them may count papers."""
    rows = Attendance.objects.filter(HERE, meeting=meeting)
    return User.objects.filter(pk__in=rows.values("user")).order_by("name", "pk")


def absent_voters(vote: MeetingVote) -> QuerySet[User]:
    """Return who may vote, has not come in, and has sent no written opinion."""
    wrote = vote.ballot.electors.filter(way=Way.WRITTEN).values("user")
    keys = voters_of(vote).filter(checked_in_at=None).values("user")
    return User.objects.filter(pk__in=keys).exclude(pk__in=wrote).order_by("name", "pk")


def circle_of(vote: MeetingVote) -> Circle:
    rows = voters_of(vote)
    due = frozenset(rows.values_list("user_id", flat=True))
    return Circle(due, frozenset(rows.filter(HERE).values_list("user_id", flat=True)))


def hall_of(vote: MeetingVote) -> Hall:
    """Return how many are due and present, and how many must be."""
    rows, rule = voters_of(vote), Rule(vote.ballot.rule)
    due, present = rows.count(), rows.filter(HERE).count()
    return Hall(due, present, min_present(rule, due), min_yes(rule, due, present))


@dataclass(frozen=True, slots=True)
class Line:
    """One vote on the page of a meeting, as its reader stands to it."""

    vote: MeetingVote
    figures: Figures
    may_vote: bool
    has_voted: bool

    @property
    def ballot(self) -> Ballot:
        return self.vote.ballot

    @property
    def outcome(self) -> str:
        result = shown_result(self.ballot)
        return result.outcome_label if result else ""


def votes_of(meeting: Meeting, user: AnyUser) -> list[Line]:
    """Return the votes of a meeting that ``user`` may see; three statements for any number."""
    rows = with_power(scope(user, "view", MeetingVote), user, "lead")
    votes = list(rows.filter(meeting=meeting).select_related("ballot", "item").order_by("pk"))
    ballots = [vote.ballot for vote in votes]
    figures = figures_of(ballots) if ballots else {}
    found = Elector.objects.filter(ballot__in=ballots, user=user.pk) if ballots else []
    mine = {elector.ballot_id: elector for elector in found}
    lines = []
    for vote in votes:
        own = mine.get(vote.ballot_id)
        is_waiting = own is not None and own.voted_on is None and own.is_present and vote.ballot.is_open
        lines.append(Line(vote, figures[vote.ballot_id], is_waiting, own is not None and own.voted_on is not None))
    return lines


def open_votes(meeting_id: int, user: AnyUser) -> QuerySet[Ballot]:
    """Return the open ballots of a meeting in which ``user`` still has a vote."""
    return open_for(user).filter(meeting_vote__meeting=meeting_id)


def is_any_open(meeting: Meeting) -> bool:
    return MeetingVote.objects.filter(meeting=meeting, ballot__state=BallotState.OPEN).exists()


def cases_for(user: AnyUser, meeting: Meeting, stages: Iterable[str], standing: str = "") -> QuerySet[Case]:
    """Return the open cases of the branch that a vote may be about, for whoever keeps them."""
    rows = scope(user, "record", Case).filter(state="open", organization=meeting.organization_id, stage__in=stages)
    if standing:
        rows = rows.filter(person__standing=standing)
    return rows.select_related("person__user").order_by("person__user__name", "pk")


def obstacles_to(vote: MeetingVote) -> list[str]:
    """Return what forbids now to record the result of a vote that is still to be held in the case it is about."""
    case, kind = vote.subject_case, KINDS.get(vote.purpose)
    if case is None or kind is None or vote.ballot.state not in (BallotState.PLANNED, BallotState.OPEN):
        return []
    day = max(timezone.localdate(vote.meeting.planned_at), timezone.localdate())
    reasons = [str(reason) for reason in leaves_of([case], vote.step, kind, day)[case.pk].reasons]
    return reasons + _missing_in_the_room(vote, case)


def _missing_in_the_room(vote: MeetingVote, case: Case) -> list[str]:
    """Return who must hear the congress on a person and has not come in: without them it is postponed (XZ26 20)."""
    if vote.purpose not in (Purpose.ADMISSION, Purpose.CONVERSION) or vote.meeting.state != MeetingState.IN_SESSION:
        return []
    here = set(Attendance.objects.filter(HERE, meeting=vote.meeting_id).values_list("user_id", flat=True))
    missing = []
    if case.person.user_id not in here:
        missing.append(_("The candidate is not checked in; without them the congress is postponed."))
    if vote.purpose == Purpose.ADMISSION:
        sponsors = case.sponsors.current().select_related("sponsor__user")
        missing += [
            _("%(name)s, who introduces the candidate, is not checked in; without them the congress is postponed.")
            % {"name": row.sponsor.name}
            for row in sponsors
            if row.sponsor.user_id not in here
        ]
    return missing


def still_to_record(votes: QuerySet[MeetingVote]) -> QuerySet[MeetingVote]:
    """Return those whose result waits for the case, without what somebody has recorded there by hand since."""
    kinds = [When(purpose=purpose, then=Value(kind)) for purpose, kind in KINDS.items()]
    by_hand = StepRecord.objects.filter(
        case=OuterRef("subject_case"), step=OuterRef("step"), kind=OuterRef("kind_of_record"), is_annulment=False,
        recorded_at__gte=OuterRef("ballot__closed_at"),
    )  # fmt: skip
    waiting = votes.filter(waits_for=Waits.RECORD, subject_case__state="open")
    return waiting.annotate(kind_of_record=SqlCase(*kinds, default=Value(""))).exclude(Exists(by_hand))


def is_still_to_record(vote: MeetingVote) -> bool:
    """Tell whether the result of ``vote`` waits for its case; only a vote that may wait is asked for."""
    return vote.waits_for == Waits.RECORD and still_to_record(MeetingVote.objects.filter(pk=vote.pk)).exists()


def recommended_on(case: Case) -> date | None:
    """Return the day on which members last recommended somebody by a vote."""
    rows = MeetingVote.objects.filter(
        subject_case=case, purpose=Purpose.RECOMMENDATION, ballot__state=BallotState.CLOSED,
        ballot__result__outcome=Outcome.PASSED,
    )  # fmt: skip
    last = rows.order_by("-ballot__closed_at").values_list("ballot__closed_at", flat=True).first()
    return timezone.localdate(last) if last else None


def vote_facts(meetings: Sequence[int]) -> list[VoteFact]:
    """Return the closed votes of meetings as minutes state them; one statement."""
    rows = (
        MeetingVote.objects.filter(meeting__in=list(meetings), ballot__state=BallotState.CLOSED)
        .select_related("ballot", "item")
        .order_by("meeting", "ballot__closed_at", "pk")
    )
    return [_fact(vote) for vote in rows]


def _fact(vote: MeetingVote) -> VoteFact:
    result = shown_result(vote.ballot)
    assert result is not None
    is_proposal = vote.ballot.kind == BallotKind.PROPOSAL
    names = {row.option: row.title for row in result.rows if row.option}
    elected = "、".join(names.get(key, "") for key in result.elected)
    return VoteFact(
        meeting_id=vote.meeting_id,
        part_id=vote.part_id,
        title=vote.ballot.title,
        matter=vote.item.title if vote.item else "",
        is_secret=vote.ballot.is_secret,
        due=result.due,
        present=result.present,
        yes=result.count(Mark.YES),
        no=result.count(Mark.NO),
        abstain=result.count(Mark.ABSTAIN),
        written=result.papers.written,
        cast=result.papers.cast,
        void=result.papers.void,
        counts=tuple((row.title, row.label, row.count) for row in result.rows if row.option is not None),
        passed=result.passed if is_proposal else None,
        verdict=f"{result.outcome_label}：{elected}" if elected else result.outcome_label,
        arithmetic=tuple(result.words),
    )
