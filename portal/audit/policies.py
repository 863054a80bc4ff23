"""Who reads the trail: auditors for their part of the tree, each person what concerns their own record."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from .models import AuditEntry


@policy_for(AuditEntry)
class AuditEntryPolicy(Policy):
    """``view`` follows the duty to read the trail; ``mine`` is what was done with one's own record. Nobody changes any.

    Rows that stand on no node (signing in, refusals) are for those who read the trail of the whole tree.
    """

    node = "organization"
    duties = {"view": Duty.READ_AUDIT}
    more_actions = ("mine",)

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        if action == "mine":
            return Q(about_id=user.pk)
        held = rights_of(user).duties.get(Duty.READ_AUDIT, ())
        return Q(organization=None) if any(len(path) == Organization.steplen for path in held) else NOTHING
