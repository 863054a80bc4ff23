"""Who may read, write and moderate: the board's audience reads and writes, those who moderate its node keep order."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.audiences.services import visible_to
from portal.organizations.duties import Duty

from .models import Board, BoardMark, Post, ReadMark, Subscription, Thread
from .rules import EDITABLE_MINUTES


@policy_for(Board)
class BoardPolicy(Policy):
    node = "organization"
    duties = {"view": (Duty.MODERATE, Duty.KEEP_BOARDS), "change": Duty.KEEP_BOARDS, "add": Duty.KEEP_BOARDS}
    more_actions = ("write",)

    def own(self, user: AnyUser, action: str) -> Q:
        if action == "view":
            return visible_to(user)
        if action == "write" and user.is_authenticated:
            return visible_to(user) & Q(is_open=True)
        return NOTHING


@policy_for(Thread)
class ThreadPolicy(Policy):
    node = "board__organization"
    duties = {"view": Duty.MODERATE, "moderate": Duty.MODERATE}
    more_actions = ("reply",)

    def own(self, user: AnyUser, action: str) -> Q:
        if action == "view":
            return Q(hidden_at=None) & visible_to(user, prefix="board__")
        if action == "reply" and user.is_authenticated:
            return Q(hidden_at=None, is_locked=False, board__is_open=True) & visible_to(user, prefix="board__")
        return NOTHING


@policy_for(Post)
class PostPolicy(Policy):
    node = "thread__board__organization"
    duties = {"view": Duty.MODERATE, "moderate": Duty.MODERATE}
    more_actions = ("change",)

    def own(self, user: AnyUser, action: str) -> Q:
        readable = Q(hidden_at=None, thread__hidden_at=None) & visible_to(user, prefix="thread__board__")
        if action == "view":
            return readable
        if action == "change" and user.is_authenticated:
            recent = timezone.now() - timedelta(minutes=EDITABLE_MINUTES)
            return readable & Q(author_id=user.pk, created_at__gte=recent, thread__is_locked=False)
        return NOTHING


class OwnRows(Policy):
    """Marks and subscriptions are their person's alone."""

    more_actions = ("view", "change")

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user_id=user.pk) if user.is_authenticated else NOTHING


policy_for(ReadMark)(OwnRows)
policy_for(BoardMark)(OwnRows)
policy_for(Subscription)(OwnRows)
