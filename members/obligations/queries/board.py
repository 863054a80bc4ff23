"""The due board: nodes by kinds for the periods of a month, what stands in each, and how many there are of each."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Max, Q, QuerySet, Value
from django.db.models.functions import Cast

from members.help.models import HeartTalk
from members.meetings.models import Meeting, MeetingPart, MeetingState
from portal.organizations.models import Organization

from ..engine.evaluate import Obligation, Status
from ..engine.periods import Period
from ..kinds import DUTIES, DutyKind
from ..models import LectureMark, Waiver
from .places import Place, midnight, windows_of
from .reading import Reading, read

# A sitting may be held in the year and have been planned for a day just outside of it.
ASIDE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A node with what it owes, by kind."""

    node: Organization
    owed: Mapping[str, Obligation]


@dataclass(slots=True)
class Board:
    """What was found: the rows, the kinds somebody owes in their order, and how many there are by kind and status."""

    reading: Reading
    rows: list[BoardRow] = field(default_factory=list)
    counts: Counter[tuple[str, Status]] = field(default_factory=Counter)

    @property
    def kinds(self) -> list[DutyKind]:
        present = {kind for kind, _status in self.counts}
        return [DutyKind(kind) for kind in DUTIES if kind in present]

    def total(self, status: Status) -> int:
        return sum(count for (_kind, found), count in self.counts.items() if found is status)

    def filtered(self, *, kind: str = "", status: str = "") -> list[BoardRow]:
        """Return the rows in which something of a kind stands so; without either, all."""
        if not kind and not status:
            return self.rows
        return [
            row
            for row in self.rows
            if any((not kind or found == kind) and (not status or owed.status == status)
                   for found, owed in row.owed.items())
        ]  # fmt: skip


def board_of(
    node: Organization, month: Period, *, on: date, words: str = "", kinds: Collection[str] = tuple(DUTIES)
) -> Board:
    """Return what every node on or under ``node`` owes in the month, its quarter and its year: three statements."""
    reading = read(Place((node.path,)), windows_of(month.first, month.last), on=on, kinds=kinds)
    board = Board(reading)
    wanted = words.casefold()
    for found in reading.nodes:
        if wanted and not _is_called(found, wanted):
            continue
        owed: dict[str, Obligation] = {row.kind: row for row in reading.owed_now(found, month.first, kinds)}
        if owed:
            board.rows.append(BoardRow(found, owed))
            board.counts.update((kind, row.status) for kind, row in owed.items())
    return board


def _is_called(node: Organization, words: str) -> bool:
    names = (node.name, node.short_name)
    return any(words in name.casefold() for name in names) or node.code.casefold().startswith(words)


def version_of(place: Place, year: int) -> str:
    """Return what changes whenever a light of the nodes may have changed by what people did: one statement."""
    begins, ends = midnight(date(year, 1, 1) - ASIDE), midnight(date(year + 1, 1, 1) + ASIDE)
    sittings = Meeting.objects.filter(
        place.condition("organization__"), planned_at__gte=begins, planned_at__lt=ends
    ).exclude(state=MeetingState.CANCELLED)
    ended = Count("pk", filter=Q(state=MeetingState.ENDED))
    marks = LectureMark.objects.filter(place.condition("part__meeting__organization__"))
    rows = (
        _counted("sittings", sittings, ended, Max("planned_at")),
        _counted("parts", MeetingPart.objects.filter(meeting__in=sittings), Count("meeting"), Max("meeting__ended_at")),
        _counted("waivers", Waiver.objects.filter(place.condition("organization__")), Count("revoked_on"), Max("pk")),
        _counted("marks", marks, Count("part"), Max("pk")),
        _counted(
            "talks",
            HeartTalk.objects.counting().of_year(year).filter(place.condition("organization__")),
            Count("first"),
            Max("pk"),
        ),
    )
    found = sorted(rows[0].union(*rows[1:], all=True))
    return "-".join(str(value) for row in found for value in row[1:])


def _counted(tag: str, rows: QuerySet[Any], other: Count, latest: Max) -> QuerySet[Any, tuple[str, int, int, str]]:
    """Return one line about some rows, in a shape that all share."""
    return (
        rows.order_by()
        .values(version_tag=Value(tag, CharField()))
        .annotate(number=Count("pk"), other=other, latest=Cast(latest, CharField()))
        .values_list("version_tag", "number", "other", "latest")
    )


__all__ = ["Board", "BoardRow", "board_of", "version_of"]
