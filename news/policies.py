"""Who reads, writes and publishes news."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of, under
from portal.audiences.models import Visibility
from portal.audiences.services import visible_to
from portal.organizations.duties import Duty

from .models import Article, Column, State


@policy_for(Column)
class ColumnPolicy(Policy):
    """Columns belong to the whole site."""

    node = None
    duties = {"view": Duty.KEEP_SETTINGS, "add": Duty.KEEP_SETTINGS, "change": Duty.KEEP_SETTINGS}

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view":
            return NOTHING
        return Q(is_open=True) if user.is_authenticated else Q(is_open=True, visibility=Visibility.PUBLIC)


@policy_for(Article)
class ArticlePolicy(Policy):
    """What is published is seen by its audience; drafts by those who write or publish for its organization.

    Once published, only those who may publish may change it.
    """

    node = "organization"
    duties = {
        "view": (Duty.WRITE_NEWS, Duty.PUBLISH_NEWS),
        "add": Duty.WRITE_NEWS,
        "change": Duty.PUBLISH_NEWS,
        "publish": Duty.PUBLISH_NEWS,
        "withdraw": Duty.PUBLISH_NEWS,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if action == "change":
            written = rights_of(user).duties.get(Duty.WRITE_NEWS, ())
            return Q(state=State.DRAFT) & under("organization", written) if written else NOTHING
        if action != "view":
            return NOTHING
        seen = Q(state=State.PUBLISHED, column__is_open=True) & visible_to(user)
        return seen if user.is_authenticated else seen & Q(column__visibility=Visibility.PUBLIC)
