"""The meeting of an appraisal: which it can be, who is in the room, and what its minutes are told."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.meetings.models import Attendance, Meeting, MeetingKind, MeetingPart, MeetingState
from members.minutes.rules import VoteFact
from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.ballots.queries import result_of
from portal.ballots.vocabulary import BallotState
from portal.organizations.models import Standing

from ..models import Appraisal, AppraisalPerson
from ..rules import Grade, Stage

KIND = MeetingKind.DEMOCRATIC_APPRAISAL
# A meeting in which something can still happen.
COMING = (MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.IN_SESSION)
# In the room: came in, and has not left.
HERE = Q(checked_in_at__isnull=False, left_at=None)


@dataclass(frozen=True, slots=True)
class Room:
    """Who is in a meeting, and whose vote rests or does not count there; keys of accounts."""

    here: frozenset[int]
    left_out: frozenset[int]


def meetings_for(appraisal: Appraisal, user: AnyUser) -> QuerySet[Meeting]:
    """Return the meetings to come, or under way, that could be the one of ``appraisal``, the nearest first."""
    rows = scope(user, "view", Meeting).filter(
        organization=appraisal.organization_id, state__in=COMING, parts__kind=KIND, appraisal=None
    )
    return rows.order_by("planned_at", "pk")


def room_of(meeting: Meeting) -> Room:
    """Return who is in ``meeting`` now; one statement."""
    here, left_out = set(), set()
    rests = Q(may_vote=False, standing=Standing.FULL_MEMBER) | ~Q(excluded_words="")
    rows = Attendance.objects.filter(HERE | rests, meeting=meeting)
    for user_id, came, left, may_vote, excluded, standing in rows.values_list(
        "user_id", "checked_in_at", "left_at", "may_vote", "excluded_words", "standing"
    ):
        if excluded or (not may_vote and standing == Standing.FULL_MEMBER):
            left_out.add(user_id)
        if came is not None and left is None:
            here.add(user_id)
    return Room(frozenset(here), frozenset(left_out))


def vote_facts(meetings: Sequence[int]) -> list[VoteFact]:
    """Return the ballots of appraisals held in ``meetings`` as their minutes state them; three statements at most.

    Minutes are told how many took part and, once the superior has confirmed it, how many got which grade; what was
    counted for a person is for the committee alone.
    """
    rows = list(
        Appraisal.objects.filter(meeting__in=list(meetings), ballot__state=BallotState.CLOSED)
        .select_related("ballot")
        .order_by("meeting_id")
    )
    if not rows:
        return []
    parts = MeetingPart.objects.filter(meeting__in=[row.meeting_id for row in rows], kind=KIND)
    part_of = dict(parts.values_list("meeting_id", "pk"))
    people = AppraisalPerson.objects.filter(appraisal__in=rows).order_by().values("appraisal_id")
    texts = {
        row["appraisal_id"]: (row["texts"], row["everybody"])
        for row in people.annotate(everybody=Count("pk"), texts=Count("pk", filter=Q(handed_in_on__isnull=False)))
    }
    return [_fact(row, part_of.get(row.meeting_id or 0), *texts.get(row.pk, (0, 0))) for row in rows]


def _fact(appraisal: Appraisal, part_id: int | None, texts: int, everybody: int) -> VoteFact:
    assert appraisal.ballot is not None and appraisal.meeting_id is not None  # the query asks for both
    result = result_of(appraisal.ballot)
    assert result is not None  # of a closed ballot
    told = ngettext(
        "%(texts)d of %(count)d participant handed in a self-appraisal.",
        "%(texts)d of %(count)d participants handed in a self-appraisal.",
        everybody,
    ) % {"texts": texts, "count": everybody}
    return VoteFact(
        meeting_id=appraisal.meeting_id,
        part_id=part_id,
        title=appraisal.ballot.title,
        is_secret=True,
        due=result.due,
        present=result.present,
        verdict=outcome_of(appraisal) or result.outcome_label,
        arithmetic=(told, *result.words),
    )


def outcome_of(appraisal: Appraisal) -> str:
    """Say how many got which grade, ``""`` before the superior has confirmed it; one statement."""
    if appraisal.state not in (Stage.CONFIRMED, Stage.CLOSED):
        return ""
    rows = appraisal.people.exclude(grade="").order_by().values("grade").annotate(count=Count("pk"))
    counts = dict(rows.values_list("grade", "count"))
    grades = "、".join(f"{grade.label} {counts.get(grade.value, 0)}" for grade in Grade)
    return _("Confirmed by the superior: %(grades)s") % {"grades": grades}
