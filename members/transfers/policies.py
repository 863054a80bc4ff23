"""Who sees a transfer and who takes which step: two sides, a branch and its committee on each.

The receiver hears of a transfer only when the sender's branch has confirmed it. The steps themselves are the table of
``rules.states``; a policy adds where each side stands on the tree.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import OrganizationUserObjectPermission

from .models import Batch, Event, Letter, RelationContact, RelationPeriod, Transfer
from .rules.states import STEPS, Kind, Route, Side, Verb

# side: (lookup to its node, the duty it takes).
PLACES: dict[Side, tuple[str, Duty]] = {
    Side.SENDER_BRANCH: ("organization", Duty.TRANSFER),
    Side.SENDER_COMMITTEE: ("sender_committee", Duty.ISSUE_LETTERS),
    Side.RECEIVER_BRANCH: ("destination", Duty.TRANSFER),
    Side.RECEIVER_COMMITTEE: ("receiver_committee", Duty.ISSUE_LETTERS),
}
_RECEIVING = (Side.RECEIVER_BRANCH, Side.RECEIVER_COMMITTEE)
_KNOWN_TO_RECEIVER = Q(kind=Kind.TRANSFER_IN) | Q(checked_on__isnull=False)
STEP_VERBS = tuple(verb.value for verb in Verb if verb not in (Verb.REQUEST, Verb.EXPIRE))


def standing_on(user: AnyUser, side: Side) -> Q | None:
    """Return the transfers on which ``user`` stands on ``side`` by duty, or ``None`` when the duty is not held."""
    if side not in PLACES:
        return None
    lookup, duty = PLACES[side]
    paths = rights_of(user).duties.get(str(duty), ())
    if not paths:
        return None
    found = under(lookup, paths)
    return found & _KNOWN_TO_RECEIVER if side in _RECEIVING else found


def sides_of(user: AnyUser, transfer: Transfer) -> frozenset[Side]:
    """Return the sides ``user`` stands on in ``transfer``, whose nodes are loaded; no query."""
    rights = rights_of(user)
    nodes = {side: getattr(transfer, lookup) for side, (lookup, _duty) in PLACES.items()}
    sides = {
        side for side, node in nodes.items() if node is not None and rights.holds_on(PLACES[side][1], node.path)
    }
    if transfer.kind != Kind.TRANSFER_IN and transfer.checked_on is None:
        sides -= set(_RECEIVING)
    if rights.user_id == transfer.person.user_id:
        # Nobody issues, checks or accepts oneself.
        return frozenset({Side.PERSON})
    return frozenset(sides)


@policy_for(Transfer)
class TransferPolicy(Policy):
    """``view``, and one action for each step; the state of the moment is asked by the service."""

    node = "organization"
    duties: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "view": (Duty.TRANSFER, Duty.ISSUE_LETTERS),
        **dict.fromkeys(STEP_VERBS, (Duty.TRANSFER, Duty.ISSUE_LETTERS)),
        "print": Duty.ISSUE_LETTERS,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if action in ("view", "withdraw") and user.is_authenticated:
            return Q(person__user_id=user.pk)
        return NOTHING

    def condition(self, user: AnyUser, action: str) -> Q:
        found = super().condition(user, action)
        if action in ("view", "withdraw") or not user.is_authenticated:
            return found
        return found & ~Q(person__user_id=user.pk)

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        found: Q | None = None
        for route, sides in _sides(action):
            for side in sides:
                there = standing_on(user, side)
                if there is not None:
                    there &= Q(route=route) if route else Q()
                    found = there if found is None else found | there
        return found

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, Transfer)
        held = NOTHING
        for route, sides in _sides(action):
            if route is None or route == obj.route:
                for side in sides:
                    held |= _holding(obj, side)
        people = User.objects.filter(is_active=True, pk__in=_permissions().filter(held).values("user_id"))
        return people if action in ("view", "withdraw") else people.exclude(pk=obj.person.user_id)


def _sides(action: str) -> list[tuple[Route | None, tuple[Side, ...]]]:
    """Return on which route which sides may ever take ``action``; ``None`` means on every route."""
    if action == "view":
        return [(None, tuple(PLACES))]
    if action == "print":
        return [(None, (Side.SENDER_COMMITTEE,))]
    return [(step.route, tuple(side for side in step.sides if side in PLACES)) for step in STEPS if step.verb == action]


def _permissions() -> QuerySet[OrganizationUserObjectPermission]:
    return OrganizationUserObjectPermission.objects.exclude(until__lt=timezone.localdate())


def _holding(transfer: Transfer, side: Side) -> Q:
    lookup, duty = PLACES[side]
    node: Any = getattr(transfer, lookup)
    hidden = side in _RECEIVING and transfer.kind != Kind.TRANSFER_IN and transfer.checked_on is None
    if node is None or hidden:
        return NOTHING
    return Q(permission__codename=str(duty), content_object__path__in=ancestor_paths([node.path]))


@policy_for(Batch)
class BatchPolicy(Policy):
    node = "organization"
    duties = {"view": (Duty.TRANSFER, Duty.ISSUE_LETTERS), "add": Duty.TRANSFER, "issue": Duty.ISSUE_LETTERS}


@policy_for(RelationPeriod)
class RelationPeriodPolicy(Policy):
    """The branch keeps the state; the person reads it, and so does whoever keeps in touch."""

    node = "person__organization"
    duties = {"view": Duty.TRANSFER, "add": Duty.TRANSFER, "change": Duty.TRANSFER}
    more_actions = ("contact",)

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        in_touch = Q(responsible__user_id=user.pk)
        if action == "view":
            return Q(person__user_id=user.pk) | in_touch
        return in_touch | self.condition(user, "change") if action == "contact" else NOTHING


@policy_for(Letter)
class LetterPolicy(Policy):
    """Shown on the page of its transfer alone."""


@policy_for(Event)
class EventPolicy(Policy):
    """Shown on the page of its transfer alone."""


@policy_for(RelationContact)
class RelationContactPolicy(Policy):
    """Shown on the page of its relation alone."""
