"""Who keeps the dues of a branch, who sees a base, and who approves a reduction.

Payments stay with the branch that collected them; the standard goes along with its person.
"""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty

from .models import DuesLedger, DuesPayment, DuesStandard, Reduction


@policy_for(DuesLedger)
class DuesLedgerPolicy(Policy):
    node = "organization"
    duties = {"view": Duty.COLLECT_DUES, "add": Duty.COLLECT_DUES}


@policy_for(DuesStandard)
class DuesStandardPolicy(Policy):
    """``reveal`` opens the base: to the clerk with a reason, to the person without."""

    node = "person__organization"
    duties = {"view": Duty.COLLECT_DUES, "reveal": Duty.COLLECT_DUES}

    def own(self, user: AnyUser, action: str) -> Q:
        if action in ("view", "reveal") and user.is_authenticated:
            return Q(person__user_id=user.pk)
        return NOTHING


@policy_for(DuesPayment)
class DuesPaymentPolicy(Policy):
    node = "organization"
    duties = {"view": Duty.COLLECT_DUES, "correct": Duty.COLLECT_DUES}

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(person__user_id=user.pk) if action == "view" and user.is_authenticated else NOTHING


@policy_for(Reduction)
class ReductionPolicy(Policy):
    """``answer`` is the committee's, never for oneself and never by whoever asked."""

    node = "organization"
    duties = {"view": (Duty.COLLECT_DUES, Duty.APPROVE_REDUCTIONS), "answer": Duty.APPROVE_REDUCTIONS}

    def condition(self, user: AnyUser, action: str) -> Q:
        found = super().condition(user, action)
        if action != "answer" or not user.is_authenticated:
            return found
        return found & ~Q(person__user_id=user.pk) & (Q(asked_by=None) | ~Q(asked_by_id=user.pk))

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(person__user_id=user.pk) if action == "view" and user.is_authenticated else NOTHING
