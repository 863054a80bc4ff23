"""Votes of the practice university: a few closed ones of the home branch, one that is prepared."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from members.meetings.models import AgendaItem, Capacity, Meeting, MeetingKind, MeetingState
from members.recruitment.models import Case
from portal.accounts.models import User
from portal.ballots import services as ballots
from portal.home.practice.world import PracticeWorld
from portal.organizations.duties import Post
from portal.organizations.models import Standing
from portal.organizations.queries import COMMITTEE_POSTS

from .models import MeetingVote
from .queries import eligible_in
from .rules import Purpose, form_of
from .services import create_vote

PLANS = ("通过支部年度工作计划", "通过支部党费收缴使用情况报告", "推荐学校优秀共产党员候选人")
ELECTION = "补选支部委员会委员"
COMING = "通过支部关于加强学风建设的决议"


def make_votes(world: PracticeWorld) -> None:
    """Hold votes in the last congresses of the home branch; what is there stays."""
    if MeetingVote.objects.exists():
        return
    congresses = Meeting.objects.filter(organization=world.home_branch, parts__kind=MeetingKind.BRANCH_CONGRESS)
    held = list(congresses.filter(state=MeetingState.ENDED).order_by("-planned_at")[: len(PLANS)])
    for meeting, title in zip(held, PLANS, strict=False):
        _resolution(meeting, title)
    if held:
        _election(held[0])
    coming = congresses.filter(state=MeetingState.CONVENED).order_by("planned_at").first()
    item = _item(coming) if coming else None
    if coming and item:
        create_vote(item, purpose=Purpose.RESOLUTION, title=COMING, by=coming.chair)
        _recommendation(item, coming.chair)


def _recommendation(item: AgendaItem, chair: User) -> None:
    """Prepare a recommendation of somebody who applied, where one is at that stage."""
    rows = Case.objects.filter(organization=item.meeting.organization_id, state="open")
    applied = rows.filter(person__standing=Standing.APPLICANT)
    case = applied.exclude(person__user=chair).select_related("person__user").order_by("pk").first()
    if case:
        title = f"推荐{case.person.name}同志为入党积极分子"
        create_vote(item, purpose=Purpose.RECOMMENDATION, title=title, case=case, by=chair)


def _item(meeting: Meeting) -> AgendaItem | None:
    rows = AgendaItem.objects.filter(meeting=meeting, part__kind=MeetingKind.BRANCH_CONGRESS).select_related("part")
    return rows.order_by("-number").first()


def _voters(meeting: Meeting) -> tuple[list[User], set[int]]:
    """Return who was due with a vote, and the keys of those who came."""
    rows = meeting.attendances.filter(
        capacity=Capacity.DUE, standing=Standing.FULL_MEMBER, may_vote=True, excluded_words=""
    ).select_related("user")
    found = list(rows.order_by("pk"))
    return [row.user for row in found], {row.user_id for row in found if row.checked_in_at}


def _resolution(meeting: Meeting, title: str) -> None:
    item = _item(meeting)
    voters, came = _voters(meeting)
    if item is None or 2 * len(came) <= len(voters):
        return
    ballot = ballots.create_ballot(
        meeting.organization, kind="proposal", title=title, rule="ordinary", by=meeting.chair,
        url=meeting.get_absolute_url(),
    )  # fmt: skip
    MeetingVote.objects.create(
        meeting=meeting, part=item.part, item=item, ballot=ballot, purpose=Purpose.RESOLUTION
    )
    answers = ["yes"] * len(came)
    answers[-1:] = ["abstain"] if len(came) > 4 else ["yes"]
    _hold(meeting, ballot, voters, came, [{None: answer} for answer in answers])


def _election(meeting: Meeting) -> None:
    """Elect one committee member of two; the approval waits on the committee's workbench."""
    item = _item(meeting)
    voters, came = _voters(meeting)
    if item is None or 5 * len(came) < 4 * len(voters):
        return
    in_office = Q(appointments__ended_at=None, appointments__post__in=sorted(COMMITTEE_POSTS))
    people = list(eligible_in(item.part).exclude(in_office & Q(appointments__isnull=False))[:2])
    form = form_of(Purpose.ELECTION, item.part.kind)
    if len(people) < 2 or form is None:
        return
    ballot = ballots.create_ballot(
        meeting.organization, kind=form.kind, title=ELECTION, rule=form.rules[0], people=people, by=meeting.chair,
        url=meeting.get_absolute_url(),
    )  # fmt: skip
    MeetingVote.objects.create(
        meeting=meeting, part=item.part, item=item, ballot=ballot, purpose=Purpose.ELECTION, post=Post.COMMITTEE_MEMBER
    )
    first, second = ballot.options.all()
    few = max(len(came) // 4, 1)
    others = set(eligible_in(item.part).values_list("pk", flat=True))
    marks = [{first.pk: "no", second.pk: "yes"}] * few + [{first.pk: "yes", second.pk: "no"}] * (len(came) - few)
    _hold(meeting, ballot, voters, came, marks, others)


def _hold(meeting, ballot, voters, came, choices, others=()) -> None:  # type: ignore[no-untyped-def]
    began = meeting.started_at + timedelta(minutes=40)
    ballots.open_ballot(
        ballot, electors={user.pk for user in voters}, present=came, others=others, by=meeting.chair, at=began
    )
    there = [user for user in voters if user.pk in came]
    for user, choice in zip(there, choices, strict=True):
        ballots.cast(ballot, user, choice, on=timezone.localdate(began))
    ballots.close_ballot(ballot, by=meeting.chair, at=began + timedelta(minutes=10))
