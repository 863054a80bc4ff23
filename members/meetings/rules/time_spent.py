"""How long somebody was at one part of a sitting: spans of time in, whole minutes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of the agenda: of which part, how long it was to take, and when it was dealt with."""

    part_id: int
    minutes: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """From when until when somebody was in the room; ``left`` is ``None`` for whoever stayed to the end."""

    came: datetime
    left: datetime | None = None


def spans_of(
    part_id: int, part_ids: Sequence[int], matters: Iterable[Matter], began: datetime, ended: datetime
) -> list[Span]:
    """Return when the part was on.

    By the times of its matters; where none was taken up, by the lengths planned for all of them one after another; and
    without these the sitting is shared out evenly among its parts in their order.
    """
    rows = list(matters)
    dealt = [
        (row.started_at, row.ended_at or ended) for row in rows if row.part_id == part_id and row.started_at is not None
    ]
    if dealt:
        return dealt
    if len(part_ids) == 1:
        return [(began, ended)]
    found: list[Span] = []
    at = began
    for row in rows:
        until = min(at + timedelta(minutes=row.minutes or 0), ended)
        if row.part_id == part_id and until > at:
            found.append((at, until))
        at = until
    if found:
        return found
    share = (ended - began) / len(part_ids)
    place = list(part_ids).index(part_id)
    return [(began + share * place, began + share * (place + 1))]


def minutes_of(stay: Stay, spans: Iterable[Span]) -> int:
    """Return for how many whole minutes somebody was there while the spans lasted."""
    seconds = 0.0
    for began, ended in spans:
        first, last = max(began, stay.came), ended if stay.left is None else min(ended, stay.left)
        seconds += max(0.0, (last - first).total_seconds())
    return int(seconds // 60)
