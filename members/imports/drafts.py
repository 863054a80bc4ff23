"""A chunk of rows while it is judged: column by column, because most cells repeat others and few need a word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.imports.registry import Finding, Severity

from . import rules

_LONG_NUMBER = re.compile(r"\d{7,}[\dXx]?")
_WEIGHT = {code: kind.severity for code, kind in rules.FINDINGS.items()}


def without_long_numbers(text: str) -> str:
    """Return ``text`` with numbers masked that may have strayed here from a sensitive column."""
    return _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****", text)


def finding(code: str, column: str = "", **params: Any) -> Finding:
    """Return a finding; a long number that strayed into a wrong column is not repeated in clear."""
    if "value" in params:
        params["value"] = without_long_numbers(params["value"])
    return Finding(code, column, params)


@dataclass(slots=True)
class Drafts:
    """The rows of one chunk; a row is known by its place in these lists.

    ``values`` are those that the archive stores, by column, ``""`` where a row says nothing; sensitive ones are in
    clear and in memory only. ``findings`` are by place, in the order in which they were found.
    """

    numbers: Sequence[int]
    keys: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    standings: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    days: list[rules.Days] = field(default_factory=list)
    contents: list[int] = field(default_factory=list)  # equal for rows that say the same of the same person
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    errors: set[int] = field(default_factory=set)  # places that are kept out
    warned: set[int] = field(default_factory=set)  # places that a person should look at

    def note(self, place: int, found: Finding) -> None:
        """Add what was found in one row."""
        self.findings.setdefault(place, []).append(found)
        weight = _WEIGHT[found.code]
        if weight == Severity.ERROR:
            self.errors.add(place)
        elif weight == Severity.WARNING:
            self.warned.add(place)

    def find(self, place: int, code: str, column: str = "", **params: Any) -> None:
        self.note(place, finding(code, column, **params))
