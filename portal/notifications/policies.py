"""Who may see which notices: one's own; senders what was sent for their nodes."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty

from .models import Message, Notice, Preference


@policy_for(Message)
class MessagePolicy(Policy):
    """Senders see and withdraw their own, and those sent for the nodes on which they hold the duty."""

    node = "organization"
    duties = {"view": Duty.SEND_NOTICES, "withdraw": Duty.SEND_NOTICES}

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action not in ("view", "withdraw"):
            return NOTHING
        return Q(by_id=user.pk, audience__isnull=False)


@policy_for(Notice)
class NoticePolicy(Policy):
    """A copy is its recipient's alone; its delivery is watched by those who keep the site, without its text."""

    node = None
    duties = {"watch": Duty.KEEP_SETTINGS}
    more_actions = ("view", "open", "change")

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action not in ("view", "open"):
            return NOTHING
        return Q(recipient_id=user.pk, withdrawn=False)


@policy_for(Preference)
class PreferencePolicy(Policy):
    node = None
    more_actions = ("view", "change")

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user_id=user.pk) if user.is_authenticated else NOTHING
