"""Who may see, read, keep and open a person's archive."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty

from .models import ArchiveDocument, CorrectionRequest, Member


@policy_for(Member)
class MemberPolicy(Policy):
    """``view`` is the row of a list, ``read`` the masked archive, ``reveal`` one sensitive field with a reason.

    The person reads the own archive, opens the own fields and asks for corrections, but does not write it.
    """

    node = "organization"
    duties = {
        "view": Duty.SEE_PEOPLE,
        "read": Duty.KEEP_RECORDS,
        "change": Duty.KEEP_RECORDS,
        "add": Duty.KEEP_RECORDS,
        "reveal": Duty.REVEAL_FIELDS,
        "export": Duty.EXPORT_LISTS,
    }
    more_actions = ("ask",)

    def own(self, user: AnyUser, action: str) -> Q:
        if action in ("view", "read", "ask") and user.is_authenticated:
            return Q(user_id=user.pk)
        return NOTHING


@policy_for(ArchiveDocument)
class ArchiveDocumentPolicy(Policy):
    node = "member__organization"
    duties = {"view": Duty.KEEP_RECORDS, "add": Duty.KEEP_RECORDS, "delete": Duty.KEEP_RECORDS}

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(member__user_id=user.pk) if action == "view" and user.is_authenticated else NOTHING


@policy_for(CorrectionRequest)
class CorrectionRequestPolicy(Policy):
    node = "member__organization"
    duties = {"view": Duty.KEEP_RECORDS, "answer": Duty.KEEP_RECORDS}

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(member__user_id=user.pk) if action == "view" and user.is_authenticated else NOTHING
