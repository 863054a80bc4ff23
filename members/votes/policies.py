"""Who sees the votes of a meeting and who leads them: as the meeting itself, but nobody the vote on themselves."""

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from members.meetings.models import Attendance, MeetingState
from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from .models import MeetingVote


class _Above(Policy):
    """Who holds a duty above the node that voted: nobody approves the election of their own body."""

    node = "meeting__organization"
    duties = {"approve": Duty.SUPERVISE_LIFE}

    def path_of(self, obj: Model) -> str:
        path = super().path_of(obj)
        return path[: -Organization.steplen] or path  # nobody is above the root


@policy_for(MeetingVote)
class MeetingVotePolicy(Policy):
    """``lead``: open, count, close; ``approve``: record the superior's approval of an election.

    Whom a vote is about does not see its page, whatever else they may: the congress tells its resolution.
    """

    node = "meeting__organization"
    duties = {
        "view": (Duty.SEE_MEETINGS, Duty.HOLD_MEETINGS),
        "lead": Duty.HOLD_MEETINGS,
        "approve": Duty.SUPERVISE_LIFE,
    }

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        found = super().by_duty(user, action)
        if found is None or action != "approve":
            return found
        held = rights_of(user).duties.get(str(Duty.SUPERVISE_LIFE), ())
        outermost = [path for path in held if not any(path != above and path.startswith(above) for above in held)]
        return found & (~Q(meeting__organization__path__in=outermost) | Q(meeting__organization__depth=1))

    def condition(self, user: AnyUser, action: str) -> Q:
        found = super().condition(user, action)
        return found & ~Q(subject_case__person__user_id=user.pk) if user.is_authenticated else found

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, MeetingVote)
        found = _Above().holders(obj, action) if action == "approve" else super().holders(obj, action)
        return found.exclude(pk=obj.subject_case.person.user_id) if obj.subject_case else found

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        leads = Q(meeting__chair=user.pk) | Q(meeting__recorder=user.pk)
        if action == "view":
            invited = Exists(Attendance.objects.filter(meeting=OuterRef("meeting_id"), user=user.pk))
            return leads | (Q(invited) & ~Q(meeting__state=MeetingState.PLANNED))
        return leads if action == "lead" else NOTHING
