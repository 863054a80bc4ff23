"""What an edit of the university's layer would change, asked before it is saved: rooms register who can tell."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.extensions.registry import Registry

from .values import Edition

SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class Change:
    """An amount in force now, and the one that would be."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """One case that the edit would touch, in words; ``url`` leads to it."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ImpactSource:
    """A room that knows which of its cases an edit touches; asked with the codes that change."""

    code: str
    label: Any
    rows: Callable[[Edition, Mapping[str, Change]], Iterable[ImpactRow]]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Impact:
    """What one room answered: the first rows, and how many there are in all."""

    label: Any
    rows: tuple[ImpactRow, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


impacts: Registry[ImpactSource] = Registry()


def impact_of(edition: Edition, changes: Mapping[str, Change]) -> list[Impact]:
    """Ask every room what ``changes`` would touch; rooms that name nothing are left out."""
    changes = {code: change for code, change in changes.items() if change.before != change.after}
    if not changes:
        return []
    answers = ((source, tuple(source.rows(edition, changes))) for source in impacts)
    return [Impact(source.label, rows[:SHOWN_MAX], len(rows)) for source, rows in answers if rows]
