"""Who reads and decides about reports: those who moderate, never the author; the author may ask for another look."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Duty

from .models import DOWN, WAITING, Flag, FlaggedContent, State

# So long an author may ask for another look.
APPEAL_DAYS = 30


@policy_for(FlaggedContent)
class FlaggedContentPolicy(Policy):
    """``read`` is the reports with their words, ``decide`` belongs to the node that decides; ``view`` is the bare fact.

    Nobody reads or decides about what they wrote themselves, nor looks again at their own decision.
    """

    node = "organization"
    duties: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "view": Duty.MODERATE,
        "read": Duty.MODERATE,
        "decide": Duty.MODERATE,
    }
    more_actions = ("appeal",)

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        if action == "view":
            return Q(author=user.pk, state__in=DOWN)
        if action == "appeal":
            since = timezone.now() - timedelta(days=APPEAL_DAYS)
            return Q(author=user.pk, state=State.TAKEN_DOWN, decided_at__gte=since)
        return NOTHING

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        if action not in self.duties:
            return None
        held = rights_of(user).duties.get(Duty.MODERATE, ())
        if not held:
            return None
        if action != "decide":
            return under("organization", sorted(held)) & ~Q(author=user.pk)
        waits = Q(state__in=WAITING) & ~Q(state=State.APPEALED, decided_by=user.pk)
        return under("decides", sorted(held)) & waits & ~Q(author=user.pk)

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, FlaggedContent)
        if action == "decide":
            return _deciders(obj) if obj.is_waiting else User.objects.none()
        return super().holders(obj, action).exclude(pk=obj.author_id)


class _Deciding(Policy):
    """The same duty, asked of the node that decides."""

    node = "decides"
    duties: ClassVar[Mapping[str, str | tuple[str, ...]]] = {"decide": Duty.MODERATE}


_DECIDING = _Deciding()


def _deciders(flagged: FlaggedContent) -> QuerySet[User]:
    people = _DECIDING.holders(flagged, "decide").exclude(pk=flagged.author_id)
    return people.exclude(pk=flagged.decided_by_id) if flagged.state == State.APPEALED else people


@policy_for(Flag)
class FlagPolicy(Policy):
    """Everybody's own reports, with what came of them."""

    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(by=user.pk) if user.is_authenticated and action == "view" else NOTHING
