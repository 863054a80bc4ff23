"""Enter minutes of sittings of the past, in sets: from books kept before, and for practice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from members.meetings.models import MeetingPart
from portal.accounts.models import User
from portal.audit import services as audit

from ..models import Chain, Minutes, Resolution
from .drafting import new_rows
from .sealing import chain_of, close_row, tell

BATCH = 200


@dataclass(frozen=True, slots=True)
class Resolve:
    """A resolution as a book tells it; ``closed_on`` when it was done."""

    words: str
    owner_id: int
    due_on: date
    closed_on: date | None = None
    closed_words: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What a book says of one part of a sitting that has ended; ``second`` confirmed beside the chair."""

    part_id: int
    decisions: str
    second_id: int
    speeches: Sequence[Mapping[str, str]] = ()
    dissent: str = ""
    remarks: str = ""
    resolutions: Sequence[Resolve] = ()


@transaction.atomic
def enter_sealed(books: Iterable[Book], *, by: User | None) -> list[Minutes]:
    """Seal minutes of the past into the chains of their branches, in the order in which the sittings were held.

    The statements grow with batches and branches alone. Nobody gets a notice, but each stands in the stream of its
    branch on the day it was sealed; parts that have minutes are left out.
    """
    told = {book.part_id: book for book in books}
    parts = list(
        MeetingPart.objects.filter(pk__in=list(told), minutes=None)
        .select_related("meeting__organization")
        .order_by("meeting__started_at", "meeting_id", "number")
    )
    rows = new_rows(parts)
    people = _people(told.values(), rows)
    chains: dict[int, Chain] = {}
    places = {row.organization_id: row.organization for row in rows}
    for pk, organization in sorted(places.items()):
        chains[pk] = chain_of(organization)
    for row in rows:
        book = told[row.part_id]
        ended = row.meeting.ended_at
        assert ended is not None
        row.speeches = [dict(speech) for speech in book.speeches]
        row.decisions, row.dissent, row.remarks = book.decisions, book.dissent, book.remarks
        row.facts = {
            **row.facts,
            "resolutions": [
                {
                    "words": each.words,
                    "owner": people[each.owner_id].name,
                    "due_on": each.due_on.isoformat(),
                    "state": "open",
                }
                for each in book.resolutions
            ],
        }
        row.recorder_confirmed_by, row.recorder_confirmed_at = people[book.second_id], ended + timedelta(days=1)
        row.chair_confirmed_by, row.chair_confirmed_at = people[row.chair_id], ended + timedelta(days=2)
        close_row(row, chains[row.organization_id], at=ended + timedelta(days=2))
    made = Minutes.objects.bulk_create(rows, batch_size=BATCH)
    for chain in chains.values():
        if any(row.organization_id == chain.pk for row in made):
            chain.save(update_fields=["number", "head"])
    _resolutions(made, told)
    audit.record_many(
        "minutes.brought_in",
        ((Minutes, row.pk, row.title, None, {"digest": ["", row.digest]}, row.organization_id) for row in made),
        by=by,
    )
    tell(made, by=by)
    return made


def _people(books: Iterable[Book], rows: Sequence[Minutes]) -> dict[int, User]:
    wanted = {book.second_id for book in books} | {row.chair_id for row in rows}
    wanted |= {each.owner_id for book in books for each in book.resolutions}
    return User.objects.in_bulk(wanted)


def _resolutions(rows: Sequence[Minutes], told: Mapping[int, Book]) -> None:
    Resolution.objects.bulk_create(
        [
            Resolution(
                organization=row.organization,
                minutes=row,
                words=each.words,
                owner_id=each.owner_id,
                due_on=each.due_on,
                state="done" if each.closed_on else "open",
                closed_on=each.closed_on,
                closed_by_id=each.owner_id if each.closed_on else None,
                closed_words=each.closed_words if each.closed_on else "",
            )
            for row in rows
            for each in told[row.part_id].resolutions
        ],
        batch_size=BATCH,
    )
