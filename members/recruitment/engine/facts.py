"""The dated facts of one case, as the rules read them. Pure: no database, no clock; every day is an argument.

The kinds of a record's details live in ``details``, the people in ``people``; both are offered here as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from .details import *  # noqa: F403
from .details import Details
from .people import (  # noqa: F401
    BranchFacts,
    ExceptionFact,
    MoveFact,
    Named,
    PersonFacts,
    Role,
    Standing,
)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper in the file. ``dated_on`` is the date written on it, ``states`` the dates it repeats of other steps."""

    kind: str
    key: int = 0
    dated_on: date | None = None
    is_signed: bool = False
    states: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One valid record of a step: what happened ``on`` a day, who entered it and in which capacity."""

    step: str
    on: date
    by: int
    role: Role
    details: Details
    recorded_on: date | None = None
    documents: tuple[Document, ...] = ()
    key: int = 0

    @property
    def kind(self) -> str:
        return self.details.kind


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything the rules know of one case; ``records`` are the valid ones, corrected ones stay outside.

    Records are kept by day; those of one day in the order they were entered.
    """

    edition: str
    person: PersonFacts
    branch: BranchFacts = BranchFacts()
    records: tuple[Fact, ...] = ()
    exceptions: tuple[ExceptionFact, ...] = ()
    moves: tuple[MoveFact, ...] = ()

    def with_record(self, fact: Fact) -> "CaseFacts":
        """Return the case as it stands once ``fact`` is recorded."""
        return replace(self, records=in_order((*self.records, fact)))

    def until(self, on: date) -> "CaseFacts":
        """Return the case as it could be known at the end of day ``on``."""
        return replace(
            self,
            records=tuple(fact for fact in self.records if fact.on <= on),
            exceptions=tuple(grant for grant in self.exceptions if grant.on <= on),
            moves=tuple(move for move in self.moves if move.on <= on),
        )


def in_order(records: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return ``records`` by their day; what was entered first on a day stays first."""
    return tuple(sorted(records, key=lambda fact: fact.on))
