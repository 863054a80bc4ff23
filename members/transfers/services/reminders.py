"""What the schedule does each morning: letters run out, both sides and the person are reminded, people away as well.

Every reminder has a key that follows from the data: a day run twice, or a day late, tells nobody twice.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from portal.notifications.services import post
from portal.organizations.duties import Duty

from .. import notices
from ..models import RelationPeriod, Transfer
from ..policies import PLACES
from ..queries.limits import limits_on
from ..queries.people import holders_near
from ..rules.clocks import LETTER_LEADS, Mark, Reminding, is_escalated, lead_mark, marks_of
from ..rules.states import OPEN, Side, State
from .steps import expire

CHUNK = 500
_OPEN = sorted(state.value for state in OPEN)


def run_daily(on: date) -> None:
    """Do what is due on a day."""
    expire_letters(on)
    remind_of_letters(on)
    remind_of_relations(on)


def expire_letters(on: date) -> int:
    """Let every letter run out whose last day has passed; return how many did."""
    due = Transfer.objects.open().exclude(state=State.EXPIRED).filter(expires_on__lt=on).order_by("pk")
    return sum(expire(transfer, on=on) is not None for transfer in list(due))


def remind_of_letters(on: date) -> None:
    """Remind the person and both sides before a letter runs out, weekly after it; late ones also a level above."""
    rows = Transfer.objects.with_sides().filter(state__in=_OPEN, expires_on__isnull=False).order_by("pk")
    for chunk in _chunks(rows):
        due = [(row, mark) for row in chunk if (mark := lead_mark(_expiry(row), LETTER_LEADS, on))]
        held = holders_near(pair for row, _mark in due for pair in _pairs(row, on))
        for row, mark in due:
            people = set().union(*(held[pair] for pair in _pairs(row, on))) | {row.person.user_id}
            kind = notices.LATE if mark.startswith("late") else notices.PENDING
            post(
                kind.code,
                key=f"transfer_pending:{row.pk}:{_expiry(row).isoformat()}:{mark}",
                recipients=people,
                params={
                    "name": row.person.name,
                    "sender": row.sender,
                    "receiver": row.receiver,
                    "day": _expiry(row),
                },
                url=row.get_absolute_url(),
            )


def _chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def _expiry(row: Transfer) -> date:
    assert row.expires_on is not None  # asked for in the query
    return row.expires_on


def _pairs(row: Transfer, on: date) -> Iterator[tuple[str, str]]:
    """Yield duty and path of those to tell: both branches and their committees; a week late, the level above."""
    for side, (lookup, duty) in PLACES.items():
        node = getattr(row, lookup)
        if node is None:
            continue
        yield str(duty), node.path
        if side == Side.SENDER_COMMITTEE and is_escalated(_expiry(row), on) and node.depth > 1:
            yield str(duty), node.path[: -node.steplen]


def remind_of_relations(on: date) -> None:
    """Remind of contacts that are due, of limits that come near, and of people out of contact."""
    rows = RelationPeriod.objects.current().with_person().select_related("responsible").order_by("pk")
    rows = rows.filter(person__organization__isnull=False)
    limits = limits_on(on)
    for chunk in _chunks(rows):
        due = [
            (row, mark)
            for row in chunk
            for mark in marks_of(row.state, row.since, row.last_contact_on, on=on, limits=limits)
        ]
        held = holders_near(pair for row, mark in due for pair in _keepers(row, mark))
        for row, mark in due:
            people = set().union(*(held[pair] for pair in _keepers(row, mark)))
            post(
                _KINDS[mark.what].code,
                key=f"relation:{row.pk}:{mark.key}",
                recipients=people | _concerned(row, mark),
                params={"name": row.person.name, "relation": row.state, "day": mark.due_on},
                url=_address(row),
            )


_KINDS = {Reminding.CONTACT: notices.CONTACT_DUE, Reminding.LIMIT: notices.LIMIT, Reminding.LOST: notices.LOST}


def _concerned(row: RelationPeriod, mark: Mark) -> set[int]:
    """Return who is told besides the duty: who keeps in touch, and the person of a limit of their own."""
    if mark.what == Reminding.CONTACT:
        return {row.responsible.user_id} if row.responsible else set()
    return {row.person.user_id} if mark.what == Reminding.LIMIT else set()


def _keepers(row: RelationPeriod, mark: Mark) -> Iterable[tuple[str, str]]:
    """Return duty and path of whoever keeps the relation; for limits and late marks the superior too."""
    node = row.person.organization
    assert node is not None  # asked for in the query
    pairs = [(str(Duty.TRANSFER), node.path)]
    if (mark.escalates or mark.what == Reminding.LIMIT) and node.depth > 1:
        pairs.append((str(Duty.TRANSFER), node.path[: -node.steplen]))
    return pairs


def _address(row: RelationPeriod) -> str:
    return reverse("members:transfers:relation-detail", args=[row.pk])
