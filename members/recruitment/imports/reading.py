"""Read the cells of a list of cases: every value of its right type, and what could not be understood."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from members.imports.cells import Unreadable, day_of, is_empty_word, is_month_only, name_of, text_of
from members.imports.drafts import without_long_numbers
from portal.imports.registry import Finding, Severity, SourceRows

from .cells import days_of, minutes_of, parts_of, whole_of
from .columns import (
    ALL_PAPERS,
    CANCELLED,
    COLUMNS,
    CONVERTED,
    DAY_LISTS,
    DAYS,
    EXTENDED,
    LEAGUE,
    MEMBERS,
    NUMBERS,
    PAPERS,
    PEOPLE,
    VOTES,
)
from .rules import FINDINGS

CHOICES = {"by_league": (LEAGUE, MEMBERS), "convert_outcome": (CONVERTED, EXTENDED, CANCELLED), "topics": (ALL_PAPERS,)}


@dataclass(slots=True)
class Draft:
    """One row while it is judged: its values by column, and what was found in it."""

    number: int
    key: str = ""
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def find(self, code: str, column: str = "", **params: Any) -> None:
        self.findings.append(Finding(code, column, params))

    def day(self, code: str) -> date | None:
        text = self.values.get(code)
        return date.fromisoformat(text) if text else None

    @property
    def has_errors(self) -> bool:
        return any(FINDINGS[found.code].severity == Severity.ERROR for found in self.findings)

    @property
    def is_suspicious(self) -> bool:
        return any(FINDINGS[found.code].severity == Severity.WARNING for found in self.findings)


def read(rows: SourceRows) -> list[Draft]:
    """Return the rows of a chunk as drafts, in their order."""
    cells = {column.code: rows.cells(column.code) for column in COLUMNS}
    drafts = []
    for place, number in enumerate(rows.numbers):
        draft = Draft(number, text_of(cells["number"][place]).replace(" ", ""), name_of(cells["name"][place]))
        for code in rows.formulas.get(place, ()):
            draft.find("formula", code)
        _read(draft, {code: column[place] for code, column in cells.items()})
        drafts.append(draft)
    return drafts


def _read(draft: Draft, cells: dict[str, Any]) -> None:
    for code in DAYS:
        _take(draft, code, cells[code], day_of, _day_fault)
    for code in DAY_LISTS:
        _take(draft, code, cells[code], days_of, _day_fault)
    for code in NUMBERS:
        _take(draft, code, cells[code], whole_of, lambda _text: "number_unreadable")
    for code in VOTES:
        _take(draft, code, cells[code], minutes_of, lambda _text: "votes_unreadable")
    for code in PEOPLE:
        draft.values[code] = parts_of(cells[code])
    for code, choices in CHOICES.items():
        text = text_of(cells[code])
        draft.values[code] = "" if is_empty_word(text) else text
        if draft.values[code] and text not in choices:
            draft.find("choice_unknown", code, value=without_long_numbers(text[:60]))
    for code in ("unit", "training_no", "form_no"):
        draft.values[code] = text_of(cells[code])
        if len(draft.values[code]) > 60:
            draft.find("too_long", code)
    _read_papers(draft, cells["papers"])
    if not draft.key:
        draft.find("number_missing", "number")
    if not draft.values["applied_on"] and not draft.has_errors:
        draft.find("application_missing", "applied_on")


def _take(
    draft: Draft, code: str, cell: Any, reader: Callable[[Any], Any], fault: Callable[[str], str]
) -> None:
    try:
        draft.values[code] = reader(cell)
    except Unreadable:
        draft.values[code] = None
        text = text_of(cell)
        draft.find(fault(text), code, value=without_long_numbers(text[:60]))


def _day_fault(text: str) -> str:
    return "day_month_only" if is_month_only(text) else "day_unreadable"


def _read_papers(draft: Draft, cell: Any) -> None:
    kinds: set[str] = set()
    for part in parts_of(cell):
        if part == ALL_PAPERS:
            kinds |= set(PAPERS.values())
        elif part in PAPERS:
            kinds.add(PAPERS[part])
        else:
            draft.find("paper_unknown", "papers", value=without_long_numbers(part[:60]))
    draft.values["papers"] = kinds
    draft.values["all_papers"] = ALL_PAPERS in parts_of(cell)
