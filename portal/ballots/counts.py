"""The frozen result of a ballot as a thing to read: numbers, sums, who was elected; and its digest."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from .rules import Sum
from .vocabulary import Mark, Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the count: the mark, on whom it was put (``None``: on the proposal), how often."""

    option: int | None
    title: str
    choice: str
    count: int

    @property
    def label(self) -> str:
        return str(Mark(self.choice).label)


@dataclass(frozen=True, slots=True)
class Papers:
    """How the ballots came in; ``issued`` to ``void`` are of paper alone."""

    online: int = 0
    written: int = 0
    issued: int = 0
    returned: int = 0
    void: int = 0

    @property
    def valid(self) -> int:
        """Return the valid ballots of every kind."""
        return self.online + self.written + self.returned - self.void

    @property
    def cast(self) -> int:
        """Return the ballots of every kind, invalid ones too."""
        return self.online + self.written + self.returned


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a ballot. ``elected`` and ``tied`` are keys of options; ``open_seats`` need another ballot."""

    outcome: str
    rule: str
    due: int
    present: int
    papers: Papers
    rows: tuple[Row, ...] = ()
    sums: tuple[Sum, ...] = ()
    elected: tuple[int, ...] = ()
    tied: tuple[int, ...] = ()
    open_seats: int = 0

    def count(self, choice: str, option: int | None = None) -> int:
        """Return how often ``choice`` was marked, on ``option`` or on the proposal."""
        return sum(row.count for row in self.rows if row.choice == choice and row.option == option)

    @property
    def passed(self) -> bool:
        return self.outcome == Outcome.PASSED

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def words(self) -> list[str]:
        """Return the arithmetic in sentences, each with its article, in the language of the moment."""
        return [line.words for line in self.sums]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Result":
        found = dict(data)
        found["papers"] = Papers(**found["papers"])
        found["rows"] = tuple(Row(**row) for row in found["rows"])
        found["sums"] = tuple(Sum.from_json(line) for line in found["sums"])
        found["elected"], found["tied"] = tuple(found["elected"]), tuple(found["tied"])
        return cls(**found)


def digest_of(facts: dict[str, Any], electors: Iterable[tuple[int, str]]) -> str:
    """Return what the result is sealed with: over the question, the result, and who took part in which way."""
    whole = {"facts": facts, "electors": sorted(electors)}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
