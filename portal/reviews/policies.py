"""A review is reached through the record of its room; by itself it is only its author's."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser

from .models import Comment, Review, Step, Version
from .rules import Visibility


@policy_for(Review)
class ReviewPolicy(Policy):
    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(author_id=user.pk) if action == "view" and user.is_authenticated else NOTHING


@policy_for(Version)
class VersionPolicy(Policy):
    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(review__author_id=user.pk) if action == "view" and user.is_authenticated else NOTHING


@policy_for(Step)
class StepPolicy(VersionPolicy):
    pass


@policy_for(Comment)
class CommentPolicy(Policy):
    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view" or not user.is_authenticated:
            return NOTHING
        to_author = Q(review__author_id=user.pk, visibility__in=[Visibility.AUTHOR, Visibility.ALL])
        return Q(by_id=user.pk) | to_author
