"""Lists: transfers in one's scope, whose turn it is, graduates of a branch, people away."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from members.models import Member
from portal.access.policy import NOTHING, scope
from portal.access.rights import AnyUser, rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import BRANCH_TYPES, Organization

from ..models import Batch, RelationPeriod, Transfer
from ..policies import standing_on
from ..rules.checks import HOLDS_NO_RELATIONS, MEMBERS
from ..rules.states import OPEN, Side, turns

_RECEIVING = sorted(str(kind) for kind in BRANCH_TYPES - HOLDS_NO_RELATIONS)
_OPEN = sorted(state.value for state in OPEN)


def known_to(user: AnyUser) -> QuerySet[Transfer]:
    """Return the transfers that ``user`` knows of by duty; one's own are on a page of their own."""
    found = NOTHING
    for side in Side:
        there = standing_on(user, side)
        if there is not None:
            found |= there
    return Transfer.objects.filter(found).with_sides()


def turn_q(user: AnyUser) -> Q:
    """Return the condition that it is the turn of ``user`` by duty; nobody acts on the own transfer."""
    found = NOTHING
    for side in Side:
        there = standing_on(user, side)
        if there is not None:
            for route, states in turns(side):
                found |= there & Q(route=route, state__in=sorted(states))
    return found & ~Q(person__user_id=user.pk)


def waiting_for(user: AnyUser) -> QuerySet[Transfer]:
    """Return the transfers that wait for a step of ``user``, those whose clock runs out first."""
    return Transfer.objects.filter(turn_q(user)).with_sides().order_by("expires_on", "changed_on", "pk")


def filtered(
    transfers: QuerySet[Transfer],
    user: AnyUser,
    *,
    on: date,
    direction: str = "",
    state: str = "",
    kind: str = "",
    words: str = "",
    turn: bool = False,
    late: bool = False,
    batch: Batch | None = None,
    organization: Organization | None = None,
) -> QuerySet[Transfer]:
    """Narrow a list of transfers by what the address says."""
    if direction:
        sides = (Side.SENDER_BRANCH, Side.SENDER_COMMITTEE)
        if direction == "in":
            sides = (Side.RECEIVER_BRANCH, Side.RECEIVER_COMMITTEE)
        found = NOTHING
        for side in sides:
            there = standing_on(user, side)
            if there is not None:
                found |= there
        transfers = transfers.filter(found)
    if state == "open":
        transfers = transfers.filter(state__in=_OPEN)
    elif state:
        transfers = transfers.filter(state=state)
    if kind:
        transfers = transfers.filter(kind=kind)
    if words:
        transfers = transfers.filter(named(words))
    if turn:
        transfers = transfers.filter(turn_q(user))
    if late:
        transfers = transfers.filter(state__in=_OPEN, expires_on__lt=on)
    if batch is not None:
        transfers = transfers.filter(batch=batch)
    if organization is not None:
        transfers = transfers.filter(
            Q(organization__path__startswith=organization.path) | Q(destination__path__startswith=organization.path)
        )
    return transfers


def named(words: str) -> Q:
    """Return the condition that ``words`` are part of the person's name or the beginning of the number."""
    return Q(person__user__name__icontains=words) | Q(person__user__number__istartswith=words)


def of_person(user: User) -> QuerySet[Transfer]:
    """Return the transfers of ``user``, the newest first."""
    return Transfer.objects.filter(person__user_id=user.pk).with_sides().order_by("-pk")


def movable(user: AnyUser) -> QuerySet[Member]:
    """Return the people whose transfer ``user`` may start: those of the nodes on which the duty is held."""
    paths = rights_of(user).duties.get(str(Duty.TRANSFER), ())
    return Member.objects.filter(under("organization", paths)).with_person()


def arriving(user: AnyUser) -> QuerySet[Member]:
    """Return the people whom ``user`` may take in by letter: those of the own nodes, and those who belong nowhere."""
    paths = rights_of(user).duties.get(str(Duty.TRANSFER), ())
    return Member.objects.filter(under("organization", paths) | Q(organization=None)).with_person()


def receiving_branches(nodes: QuerySet[Organization] | None = None) -> QuerySet[Organization]:
    """Return the open branches that hold relations, of ``nodes`` or of the whole university."""
    nodes = Organization.objects.all() if nodes is None else nodes
    return nodes.filter(org_type__in=_RECEIVING, closed_on=None).order_by("path")


def comrades(person: Member) -> QuerySet[Member]:
    """Return the members of the same branch, one of whom may keep in touch with ``person``."""
    branch = Member.objects.with_person().filter(organization_id=person.organization_id, standing__in=sorted(MEMBERS))
    return branch.exclude(pk=person.pk).order_by("user__name", "pk")


def graduates(branch: Organization, *, since: date | None = None, until: date | None = None) -> QuerySet[Member]:
    """Return the members of ``branch`` with a day of graduation in the span and no transfer under way, by name."""
    people = Member.objects.with_person().filter(organization=branch, standing__in=sorted(MEMBERS))
    if since:
        people = people.filter(graduated_on__gte=since)
    if until:
        people = people.filter(graduated_on__lte=until)
    if since or until:
        people = people.filter(graduated_on__isnull=False)
    return people.exclude(transfers__state__in=_OPEN).order_by("graduated_on", "pk")


def away(user: AnyUser, *, state: str = "", current: bool = True) -> QuerySet[RelationPeriod]:
    """Return the dated relation states that ``user`` may see."""
    rows = scope(user, "view", RelationPeriod).with_person().select_related("responsible__user")
    if current:
        rows = rows.filter(until=None)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("since", "pk")


def progress(transfers: Iterable[Transfer]) -> dict[str, Any]:
    """Count what a batch has come to: how many in all, how many closed, and how many in each state."""
    states: dict[str, int] = {}
    transfers = list(transfers)
    for transfer in transfers:
        label = str(transfer.get_state_display())
        states[label] = states.get(label, 0) + 1
    return {
        "total": len(transfers),
        "done": sum(not transfer.is_open for transfer in transfers),
        "states": sorted(states.items()),
    }
