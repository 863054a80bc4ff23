"""A draft is seen and kept by the person who types it, and by nobody else."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser

from .models import Draft


@policy_for(Draft)
class DraftPolicy(Policy):
    more_actions = ("view", "change")

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user_id=user.pk) if user.is_authenticated else NOTHING
