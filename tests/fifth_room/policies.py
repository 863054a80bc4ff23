"""Books are read by their audience."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.audiences.services import visible_to
from portal.organizations.duties import Duty

from .models import Book


@policy_for(Book)
class BookPolicy(Policy):
    node = "organization"
    duties = {"view": Duty.KEEP_COURSES, "change": Duty.KEEP_COURSES}

    def own(self, user: AnyUser, action: str) -> Q:
        return visible_to(user) if action == "view" else NOTHING
