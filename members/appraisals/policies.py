"""Who takes part in an appraisal, holds it, confirms it, and reads its results.

The superior's part hangs on the node above: whoever leads the branch alone cannot confirm its report.
"""

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import OrganizationUserObjectPermission

from .models import Appraisal, AppraisalPerson, PeerBallot
from .rules import Stage

_ABOVE = (Duty.APPRAISE_MEMBERS, Duty.SUPERVISE_LIFE)


def _takes_part(user: AnyUser, appraisal: str) -> Q:
    return Q(Exists(AppraisalPerson.objects.filter(appraisal=OuterRef(appraisal), user=user.pk)))


@policy_for(Appraisal)
class AppraisalPolicy(Policy):
    """``hold`` leads it, ``confirm`` is the superior's, ``export`` takes the results along."""

    node = "organization"
    duties = {
        "view": (Duty.APPRAISE_MEMBERS, Duty.SUPERVISE_LIFE),
        "hold": Duty.APPRAISE_MEMBERS,
        "export": Duty.APPRAISE_MEMBERS,
        "confirm": _ABOVE,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action != "view":
            return NOTHING
        return _takes_part(user, "pk")

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        if action != "confirm":
            return super().by_duty(user, action)
        rights = rights_of(user)
        paths = sorted({path for duty in _ABOVE for path in rights.duties.get(str(duty), ())})
        # Nobody confirms the appraisal in which the own name stands.
        return under("superior", paths) & ~_takes_part(user, "pk") if paths else None

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, Appraisal)
        if action != "confirm":
            return super().holders(obj, action)
        rows = OrganizationUserObjectPermission.objects.filter(
            permission__codename__in=[str(duty) for duty in _ABOVE],
            content_object__path__in=ancestor_paths([obj.superior.path]),
        ).exclude(until__lt=timezone.localdate())
        taking = AppraisalPerson.objects.filter(appraisal=obj).values("user_id")
        return User.objects.filter(is_active=True, pk__in=rows.values("user_id")).exclude(pk__in=taking)


@policy_for(AppraisalPerson)
class AppraisalPersonPolicy(Policy):
    """``view``: participants see each other; ``write`` the own text; ``result`` the own grade once everybody is told.

    Whoever keeps the archive where the person belongs today reads the results that stand in it.
    """

    node = "appraisal__organization"
    duties = {"view": (Duty.APPRAISE_MEMBERS, Duty.SUPERVISE_LIFE), "result": Duty.APPRAISE_MEMBERS}
    more_actions = ("write",)

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        if action == "view":
            return _takes_part(user, "appraisal_id")
        if action == "write":
            return Q(user=user.pk)
        if action != "result":
            return NOTHING
        told = Q(appraisal__state=Stage.CLOSED)
        kept = rights_of(user).duties.get(str(Duty.KEEP_RECORDS), ())
        return told & (Q(user=user.pk) | (under("user__member__organization", kept) if kept else NOTHING))


@policy_for(PeerBallot)
class PeerBallotPolicy(Policy):
    """Read through its appraisal."""

    node = "appraisal__organization"
    duties = {"view": Duty.APPRAISE_MEMBERS}
