"""Who sees and answers thought reports, assigns contacts, and reads the showcase.

A report hangs on its author's present node: it moves along. Nobody but the author knows of what is not handed in.
"""

from django.db.models import Exists, OuterRef, Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty

from .models import CultivationContact, ShingleHash, ShowcaseEntry, ShowcaseState, ThoughtReport
from .rules import HANDED_IN


@policy_for(CultivationContact)
class CultivationContactPolicy(Policy):
    node = "person__organization"
    duties = {
        "view": (Duty.ASSIGN_CONTACTS, Duty.ANSWER_REPORTS),
        "add": Duty.ASSIGN_CONTACTS,
        "change": Duty.ASSIGN_CONTACTS,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view" or not user.is_authenticated:
            return NOTHING
        return Q(person__user_id=user.pk) | Q(contact__user_id=user.pk)


@policy_for(ThoughtReport)
class ThoughtReportPolicy(Policy):
    """``write`` is the author's; ``answer`` is for current contacts and the duty, never for one's own report."""

    node = "author__organization"
    duties = {"view": Duty.ANSWER_REPORTS, "answer": Duty.ANSWER_REPORTS, "propose": Duty.ANSWER_REPORTS}
    more_actions = ("write",)

    def condition(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        mine = Q(author__user_id=user.pk)
        if action == "write":
            return mine
        readable = super().condition(user, action) & Q(review__state__in=HANDED_IN)
        return readable | mine if action == "view" else readable & ~mine

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action not in ("view", "answer", "propose"):
            return NOTHING
        contact = CultivationContact.objects.current().filter(person=OuterRef("author"), contact__user_id=user.pk)
        return Q(Exists(contact))


@policy_for(ShowcaseEntry)
class ShowcaseEntryPolicy(Policy):
    """Published texts are for everyone who is signed in; before that for author, readers and publishers."""

    node = "report__author__organization"
    duties = {"manage": Duty.ANSWER_REPORTS, "publish": Duty.PUBLISH_NEWS}
    more_actions = ("view", "consent")

    def condition(self, user: AnyUser, action: str) -> Q:
        found = super().condition(user, action)
        if action == "publish":  # whoever publishes reads nothing before the author has agreed
            found &= Q(state__in=[ShowcaseState.CONSENTED, ShowcaseState.PUBLISHED])
        return found

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action not in ("view", "consent"):
            return NOTHING
        mine = Q(report__author__user_id=user.pk)
        if action == "consent":
            return mine
        published = Q(state=ShowcaseState.PUBLISHED)
        return published | mine | self.condition(user, "manage") | self.condition(user, "publish")


@policy_for(ShingleHash)
class ShingleHashPolicy(Policy):
    """Read by the comparison alone."""
