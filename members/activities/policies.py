"""Who sees an activity, who leads it, who approves it, who judges (duties on the tree; otherwise one's own part in it).

Before its approval it is its starter's and of those who approve; afterwards its audience's. Nobody approves one's own.
"""

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.audiences.services import visible_to
from portal.organizations.duties import Duty

from .models import (
    SHOWN,
    Activity,
    ApprovalRule,
    Contribution,
    Criterion,
    Enrolment,
    Juror,
    Score,
    State,
    Team,
)

_LIVE = (*SHOWN, State.CANCELLED)


def _judges(user: AnyUser, activity: str) -> Q:
    return Q(Exists(Juror.objects.filter(activity=OuterRef(activity), user=user.pk)))


def _takes_part(user: AnyUser, activity: str) -> Q:
    return Q(Exists(Enrolment.objects.filter(activity=OuterRef(activity), user=user.pk)))


def _seen(user: AnyUser, prefix: str, key: str) -> Q:
    """Return the condition that an activity, reached by ``prefix`` and whose key is ``key``, is seen without a duty."""
    shown = Q(**{f"{prefix}state__in": SHOWN}) & (
        visible_to(user, prefix=prefix) | _judges(user, key) | _takes_part(user, key)
    )
    # Of one called off only those hear who had to do with it; it never was open to others who look now.
    off = Q(**{f"{prefix}state": State.CANCELLED}) & (_judges(user, key) | _takes_part(user, key))
    return Q(**{f"{prefix}author": user.pk}) | shown | off


@policy_for(Activity)
class ActivityPolicy(Policy):
    """``change`` and ``submit`` are the starter's; ``lead`` is the desk; the state of the moment is the service's."""

    node = "organization"
    more_actions = ("change", "submit", "enrol", "contribute", "score")
    duties = {
        "view": Duty.APPROVE_ACTIVITIES,
        "lead": Duty.APPROVE_ACTIVITIES,
        "cancel": Duty.APPROVE_ACTIVITIES,
        "approve": Duty.APPROVE_ACTIVITIES,
        "export": Duty.APPROVE_ACTIVITIES,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        mine = Q(author=user.pk)
        if action == "view":
            return _seen(user, "", "pk")
        if action in ("change", "submit", "lead", "cancel", "export"):
            return mine
        if action == "enrol":
            return Q(state__in=SHOWN) & (visible_to(user) | _takes_part(user, "pk"))
        if action == "contribute":
            return Q(state__in=SHOWN) & _takes_part(user, "pk")
        if action == "score":
            return Q(state__in=SHOWN) & _judges(user, "pk")
        return NOTHING

    def condition(self, user: AnyUser, action: str) -> Q:
        found = super().condition(user, action)
        return found & ~Q(author=user.pk) if action == "approve" and user.is_authenticated else found

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        held = super().by_duty(user, action)
        if held is None:
            return None
        # A draft is nobody's but its starter's.
        return held & ~Q(state=State.DRAFT)

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, Activity)
        people = super().holders(obj, action)
        if obj.state == State.DRAFT:
            return people.none()
        return people.exclude(pk=obj.author_id) if action == "approve" else people


@policy_for(Contribution)
class ContributionPolicy(Policy):
    """Seen by those who hand in and those who judge and lead; by everybody who sees the activity once it was held."""

    node = "activity__organization"
    more_actions = ("view",)
    duties = {"view": Duty.APPROVE_ACTIVITIES}

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action != "view":
            return NOTHING
        team = Enrolment.objects.filter(team=OuterRef("team"), user=user.pk)
        mine = Q(user=user.pk) | Q(Exists(team)) | Q(activity__author=user.pk)
        judged = _judges(user, "activity_id") & Q(activity__state__in=SHOWN)
        held = Q(activity__state__in=(State.HELD, State.FINISHED)) | Q(activity__ballot__isnull=False)
        return mine | judged | (held & _seen(user, "activity__", "activity_id"))


@policy_for(Enrolment)
class EnrolmentPolicy(Policy):
    """Each person sees the own row; the list is for those who lead."""

    node = "activity__organization"
    more_actions = ("withdraw",)
    duties = {"view": Duty.APPROVE_ACTIVITIES}

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        mine = Q(user=user.pk)
        return {"view": mine | Q(activity__author=user.pk), "withdraw": mine}.get(action, NOTHING)


@policy_for(Score)
class ScorePolicy(Policy):
    """What a juror gave is that juror's alone; others see the average once the scores are closed."""

    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(juror__user=user.pk) if user.is_authenticated and action == "view" else NOTHING


@policy_for(ApprovalRule)
class ApprovalRulePolicy(Policy):
    node = "organization"
    duties = {"view": Duty.APPROVE_ACTIVITIES, "change": Duty.APPROVE_ACTIVITIES}


@policy_for(Criterion)
class CriterionPolicy(Policy):
    """Shown on the page of its activity alone."""


@policy_for(Juror)
class JurorPolicy(Policy):
    """Shown on the page of its activity alone."""


@policy_for(Team)
class TeamPolicy(Policy):
    """Shown on the page of its activity alone."""
