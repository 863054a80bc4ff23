"""Who answers for a person today, and whom to tell of a transfer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import Member
from portal.access.rights import ancestor_paths
from portal.organizations.models import OrganizationUserObjectPermission

from ..models import RelationPeriod, Transfer
from ..policies import PLACES
from ..rules.states import Side


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for a person on a day, and why: ``transfer`` or ``relation`` when one says so."""

    name: str
    transfer: Transfer | None = None
    relation: RelationPeriod | None = None


def responsible_for(person: Member, transfers: Iterable[Transfer], *, on: date) -> Responsible:
    """Return who answers for ``person`` on ``on``: the sender until the receiver accepts (DJ art. 25).

    ``transfers`` are those of the person, newest first; without one it is the branch the person belongs to.
    """
    for transfer in transfers:
        if transfer.asked_on <= on and (transfer.is_open or (person.organization is None and transfer.accepted_on)):
            return Responsible(transfer.answering(on), transfer)
    return Responsible(str(person.organization or ""))


def people_on(transfer: Transfer, sides: Iterable[Side]) -> set[int]:
    """Return who stands on ``sides`` by duty, on the nearest node that has someone: not everyone up to the top."""
    wanted = [
        (str(PLACES[side][1]), node.path)
        for side in sides
        if side in PLACES and (node := getattr(transfer, PLACES[side][0])) is not None
    ]
    return set().union(*holders_near(wanted).values()) - {transfer.person.user_id}


def holders_near(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
    """Return, for pairs of duty and path, who holds the duty on the nearest node at or above; one query for all."""
    wanted = list(dict.fromkeys(wanted))
    if not wanted:
        return {}
    held: dict[tuple[str, str], set[int]] = {}
    rows = _held(wanted).values_list("permission__codename", "content_object__path", "user_id")
    for duty, path, user_id in rows:
        held.setdefault((duty, path), set()).add(user_id)
    return {
        (duty, path): next((held[duty, up] for up in reversed(ancestor_paths([path])) if (duty, up) in held), set())
        for duty, path in wanted
    }


def _held(wanted: Iterable[tuple[str, str]]) -> QuerySet[OrganizationUserObjectPermission]:
    wanted = list(wanted)
    today = timezone.localdate()
    return OrganizationUserObjectPermission.objects.filter(
        Q(until=None) | Q(until__gte=today),
        permission__codename__in={duty for duty, path in wanted},
        content_object__path__in=ancestor_paths(path for duty, path in wanted),
        user__is_active=True,
    )
