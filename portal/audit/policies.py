"""Who reads the trail: auditors for their part of the tree, each person what concerns their own record."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from .models import AuditEntry
from .verbs import withheld


@policy_for(AuditEntry)
class AuditEntryPolicy(Policy):
    """``view`` follows the duty to read the trail; ``mine`` is what was done with one's own record. Nobody changes any.

    What a room withholds from the person it is about (``verbs.withhold_verbs``) is in the trail and not in ``mine``.

    Rows that stand on no node (signing in, refusals) are for those who read the trail of the whole tree.
    """

    node = "organization"
    duties = {"view": Duty.READ_AUDIT}
    more_actions = ("mine",)

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        if action == "mine":
            return Q(about_id=user.pk) & ~Q(verb__in=withheld())
        held = rights_of(user).duties.get(Duty.READ_AUDIT, ())
        return Q(organization=None) if any(len(path) == Organization.steplen for path in held) else NOTHING
