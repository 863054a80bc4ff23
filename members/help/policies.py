"""Who sees talks and requests: the people concerned, and whoever holds the duty to hear members.

What two people said to each other stays with the two; the branch sees that they met. A request is read by whoever
asked, by whoever takes care of it, and by those whose duty it is, whose looks are recorded.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.organizations.duties import Duty

from .models import HeartTalk, HelpMessage, HelpRequest

OPEN_TO_BOTH = ("read", "record", "confirm", "arrange", "drop")


@policy_for(HeartTalk)
class HeartTalkPolicy(Policy):
    """``view`` tells that a talk is planned or was held; ``read`` is the record, for the two alone."""

    node = "organization"
    duties = {
        "view": Duty.HEAR_MEMBERS,
        "plan": Duty.HEAR_MEMBERS,
        "arrange": Duty.HEAR_MEMBERS,
        "drop": Duty.HEAR_MEMBERS,
    }
    more_actions = ("read", "record", "confirm")

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action not in ("view", *OPEN_TO_BOTH):
            return NOTHING
        return Q(first=user.pk) | Q(second=user.pk)


@policy_for(HelpRequest)
class HelpRequestPolicy(Policy):
    """``view`` and ``say`` for the three sides; ``assign`` for the duty; ``close`` and ``reopen`` for whoever asked.

    Nobody hears the own request by duty: it goes to the others who hold it, or to the node above.
    """

    node = "organization"
    duties: ClassVar[Mapping[str, Any]] = {
        "view": Duty.HEAR_MEMBERS,
        "say": Duty.HEAR_MEMBERS,
        "assign": Duty.HEAR_MEMBERS,
    }
    more_actions = ("close", "reopen")

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        mine, given = Q(requester=user.pk), Q(assignee=user.pk)
        if action in ("view", "say"):
            return mine | given
        return mine if action in ("close", "reopen") else NOTHING

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        held = super().by_duty(user, action)
        return held & ~Q(requester=user.pk) if held is not None and user.is_authenticated else held

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, HelpRequest)
        return super().holders(obj, action).exclude(pk=obj.requester_id)


@policy_for(HelpMessage)
class HelpMessagePolicy(Policy):
    """Read with its request; its files as well."""

    node = "request__organization"
    duties = {"view": Duty.HEAR_MEMBERS}

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action != "view":
            return NOTHING
        return Q(request__requester=user.pk) | Q(request__assignee=user.pk)

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        held = super().by_duty(user, action)
        return held & ~Q(request__requester=user.pk) if held is not None and user.is_authenticated else held

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, HelpMessage)
        return super().holders(obj, action).exclude(pk=obj.request.requester_id)
