"""Find the heading row of a list and recognize its columns."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from .registry import Column, ImportKind

SEARCH_ROWS = 10
_NOISE = re.compile(r"[\s*＊·:：/／、,，.。_\-—()（）\[\]【】<>《》\"'“”]+")
_HINT = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]")


def bare(heading: Any) -> str:
    """Return a heading without blanks, punctuation and remarks in brackets, in one width and case."""
    text = unicodedata.normalize("NFKC", str(heading)).lower()
    return _NOISE.sub("", _HINT.sub("", text)) or _NOISE.sub("", text)


def _names(columns: Sequence[Column]) -> dict[str, str]:
    names: dict[str, str] = {}
    for column in columns:
        for name in (column.heading, *column.synonyms):
            names.setdefault(bare(name), column.code)
    return names


def recognize(headings: Sequence[Any], columns: Sequence[Column]) -> list[str]:
    """Return the column code for each heading, or ``""``; the first of two equal headings wins."""
    names, taken, mapping = _names(columns), set(), []
    for heading in headings:
        code = names.get(bare(heading), "") if heading != "" else ""
        code = "" if code in taken else code
        taken.add(code)
        mapping.append(code)
    return mapping


def find_heading_row(rows: Sequence[Sequence[Any]], kind: ImportKind) -> tuple[int, list[str]] | None:
    """Return the index of the row that reads most like a heading, with its mapping; ``None`` when none does.

    At least two columns must be recognized: a title above the list names none, and a data row hardly one.
    """
    best: tuple[int, int, list[str]] | None = None
    for index, cells in enumerate(rows[:SEARCH_ROWS]):
        mapping = recognize(cells, kind.columns)
        hits = sum(1 for code in mapping if code)
        if hits >= 2 and (best is None or hits > best[0]):
            best = (hits, index, mapping)
    return None if best is None else (best[1], best[2])


def missing_columns(mapping: Sequence[str], kind: ImportKind) -> list[Column]:
    return [column for column in kind.columns if column.required and column.code not in mapping]
