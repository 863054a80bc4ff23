"""The due board: nodes by kinds for the periods of a month, what stands in each, and how many there are of each."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max

from members.meetings.models import Meeting, MeetingState
from portal.organizations.models import Organization

from ..engine.evaluate import Obligation, Status
from ..engine.periods import Period
from ..kinds import DUTIES, DutyKind
from ..models import LectureMark, Waiver
from .places import Place, midnight, windows_of
from .reading import Reading, read


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
    """Return what every node on or under ``node`` owes in the month, its quarter and its year: two statements."""
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
    """Return what changes whenever a light of the nodes may have changed by what people did: three statements."""
    begins, ends = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    held = Meeting.objects.filter(
        place.condition("organization__"), state=MeetingState.ENDED, started_at__gte=begins, started_at__lt=ends
    ).aggregate(count=Count("pk"), latest=Max("ended_at"))
    waived = Waiver.objects.filter(place.condition("organization__")).aggregate(
        count=Count("pk"), back=Count("revoked_on")
    )
    marked = LectureMark.objects.filter(place.condition("part__meeting__organization__")).aggregate(
        count=Count("pk"), latest=Max("pk")
    )
    latest = held["latest"].timestamp() if held["latest"] else 0
    return f"{held['count']}-{latest}-{waived['count']}-{waived['back']}-{marked['count']}-{marked['latest'] or 0}"


__all__ = ["Board", "BoardRow", "board_of", "version_of"]
