"""Who sees, writes and keeps order in a space."""

from datetime import timedelta

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.access.policy import NOTHING, Policy, policy_for, scope
from portal.access.rights import AnyUser, rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Duty

from .models import SpaceDocument, SpaceFollow, SpacePost, SpaceReply, StreamEntry
from .reach import entry_seen_by, in_space, seen_by

# For so long what its author removed can be taken back.
UNDO_DAYS = 7


class ModeratedPolicy(Policy):
    """What people wrote is hidden by those who moderate where it stands, never by its own author."""

    duties = {"moderate": Duty.MODERATE}

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        held = super().by_duty(user, action)
        return held & ~Q(author=user.pk) & Q(removed_at=None) if held is not None else None

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        return super().holders(obj, action).exclude(pk=obj.author_id)


@policy_for(StreamEntry)
class StreamEntryPolicy(Policy):
    """What reaches a person; whoever moderates sees hidden posts in their place."""

    node = "organization"
    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view":
            return NOTHING
        seen = Q(is_shown=True) & entry_seen_by(user)
        kept = rights_of(user).duties.get(Duty.MODERATE, ())
        return seen | Q(post__isnull=False) & under("organization", kept) if kept else seen


@policy_for(SpacePost)
class SpacePostPolicy(ModeratedPolicy):
    """A post is its author's to change; it is hidden by those who moderate, never rewritten."""

    node = "organization"
    more_actions = ("view", "reply", "change", "remove", "restore")

    def own(self, user: AnyUser, action: str) -> Q:
        standing = Q(hidden_at=None, removed_at=None)
        if action == "view":
            kept = rights_of(user).duties.get(Duty.MODERATE, ())
            seen = standing & seen_by(user)
            if user.is_authenticated:
                seen |= Q(author_id=user.pk)
            return seen | Q(removed_at=None) & under("organization", kept) if kept else seen
        if not user.is_authenticated:
            return NOTHING
        written = Q(author_id=user.pk)
        if action == "reply":
            return standing & seen_by(user) & in_space(user)
        if action == "change":
            return written & standing
        if action == "remove":
            return written & Q(removed_at=None)
        if action == "restore":
            return written & Q(removed_at__gte=timezone.now() - timedelta(days=UNDO_DAYS))
        return NOTHING


@policy_for(SpaceReply)
class SpaceReplyPolicy(ModeratedPolicy):
    """Replies are for people who are signed in, also under what everybody may see: nobody chose a public for them."""

    node = "post__organization"
    more_actions = ("view", "remove")

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        if action == "view":
            readable = Q(Exists(scope(user, "view", SpacePost).filter(pk=OuterRef("post_id"))))
            kept = rights_of(user).duties.get(Duty.MODERATE, ())
            shown = Q(hidden_at=None) | under("post__organization", kept) if kept else Q(hidden_at=None)
            shown |= Q(author_id=user.pk)
            return Q(removed_at=None) & shown & readable
        if action == "remove":
            return Q(author_id=user.pk, removed_at=None)
        return NOTHING


@policy_for(SpaceDocument)
class SpaceDocumentPolicy(Policy):
    """Kept by those who write to the people of a node: notices to them, or boards for them."""

    node = "organization"
    duties = {"change": (Duty.SEND_NOTICES, Duty.KEEP_BOARDS)}
    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return seen_by(user) if action == "view" else NOTHING


@policy_for(SpaceFollow)
class SpaceFollowPolicy(Policy):
    """Wishes are their person's alone."""

    more_actions = ("view", "change")

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user_id=user.pk) if user.is_authenticated else NOTHING
