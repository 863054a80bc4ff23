"""Who takes part in a ballot, who sees that it is held. What was chosen in secret is nobody's to see.

The room that holds a ballot asks its own policy who leads it (the chair of a meeting need not hold a duty).
"""

from django.db.models import Exists, OuterRef, Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty

from .models import Ballot, BallotOption, Elector, NamedVote, PaperCount, Tally
from .vocabulary import BallotState

_SEEING = (Duty.HOLD_MEETINGS, Duty.APPRAISE_MEMBERS)
BEGUN = (BallotState.OPEN, BallotState.CLOSED, BallotState.ANNULLED)


def _elector(user: AnyUser, ballot: str) -> Q:
    return Q(Exists(Elector.objects.filter(ballot=OuterRef(ballot), user=user.pk)))


@policy_for(Ballot)
class BallotPolicy(Policy):
    """``vote`` opens the ballot to its electors once it has begun; ``lead`` is of whoever prepared it, and by duty."""

    node = "organization"
    duties = {"view": _SEEING, "lead": _SEEING}
    more_actions = ("vote",)

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        takes_part = _elector(user, "pk") & Q(state__in=BEGUN)
        if action == "vote":
            return takes_part
        return {"view": takes_part | Q(created_by=user.pk), "lead": Q(created_by=user.pk)}.get(action, NOTHING)


class _OfBallot(Policy):
    node = "ballot__organization"
    duties = {"view": _SEEING}

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action != "view":
            return NOTHING
        return Q(ballot__created_by=user.pk) | (_elector(user, "ballot_id") & Q(ballot__state__in=BEGUN))


@policy_for(BallotOption)
class BallotOptionPolicy(_OfBallot):
    """The candidates."""


@policy_for(PaperCount)
class PaperCountPolicy(_OfBallot):
    """What the tellers found, for everybody who took part."""


@policy_for(Elector)
class ElectorPolicy(Policy):
    """Whether somebody has voted: the own row, and for those who lead."""

    node = "ballot__organization"
    duties = {"view": _SEEING}

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action != "view":
            return NOTHING
        return Q(user=user.pk) | Q(ballot__created_by=user.pk)


@policy_for(Tally)
class TallyPolicy(Policy):
    """Read through the frozen result alone: while a ballot is open nobody sees how it stands."""


@policy_for(NamedVote)
class NamedVotePolicy(Policy):
    """Hands that were raised, for those who were there, once the ballot has closed."""

    node = "elector__ballot__organization"
    duties = {"view": _SEEING}

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        found = super().by_duty(user, action)
        return None if found is None else found & Q(elector__ballot__state=BallotState.CLOSED)

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action != "view":
            return NOTHING
        there = _elector(user, "elector__ballot_id") | Q(elector__ballot__created_by=user.pk)
        return there & Q(elector__ballot__state=BallotState.CLOSED)

    def holders(self, obj, action):  # type: ignore[no-untyped-def]
        found = super().holders(obj, action)
        return found if obj.elector.ballot.state == BallotState.CLOSED else found.none()
