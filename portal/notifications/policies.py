"""Who may see which notices: one's own; senders what was sent for their nodes."""

from django.db.models import Exists, OuterRef, Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of, under
from portal.organizations.duties import Duty
from portal.organizations.models import Affiliation

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
    more_actions = ("view", "open", "watch", "retry")

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        if action in ("view", "open"):
            return Q(recipient_id=user.pk, withdrawn=False)
        kept = rights_of(user).duties.get(Duty.KEEP_SETTINGS, ())
        here = Affiliation.objects.filter(user=OuterRef("recipient"), until=None).filter(under("organization", kept))
        return Q(Exists(here)) if kept else NOTHING


@policy_for(Preference)
class PreferencePolicy(Policy):
    node = None
    more_actions = ("view", "change")

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user_id=user.pk) if user.is_authenticated and action in self.more_actions else NOTHING
