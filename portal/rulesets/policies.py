"""Who sets rules: the staff of a committee, for the university on its root, as habits on the branches below."""

from django.db.models import Q

from portal.access.policy import EVERYTHING, NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from .models import CalendarDay, CalendarYear, RuleSetting


def keeps_for_all(user: AnyUser) -> bool:
    """Say whether ``user`` keeps rules on the root, and so what is everybody's."""
    return any(len(path) == Organization.steplen for path in rights_of(user).duties.get(Duty.KEEP_RULES, ()))


@policy_for(RuleSetting)
class RuleSettingPolicy(Policy):
    """What is in force is shown to everybody by the page of rules; the rows are for those who keep them."""

    node = "organization"
    duties = {"view": Duty.KEEP_RULES, "add": Duty.KEEP_RULES, "change": Duty.KEEP_RULES}


@policy_for(CalendarYear)
class CalendarYearPolicy(Policy):
    """Days are known to all who are signed in; a year is kept by those who keep the rules of the whole university."""

    more_actions = ("view", "add", "change")

    def own(self, user: AnyUser, action: str) -> Q:
        if action == "view":
            return EVERYTHING if user.is_authenticated else NOTHING
        return EVERYTHING if action in self.actions and keeps_for_all(user) else NOTHING


@policy_for(CalendarDay)
class CalendarDayPolicy(Policy):
    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return EVERYTHING if action == "view" and user.is_authenticated else NOTHING
