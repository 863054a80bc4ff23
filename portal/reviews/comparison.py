"""Two versions side by side: paragraphs aligned, and in them the words (Chinese: characters) that changed. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from .texts import paragraphs

# A Latin word or a number is one token; a Chinese character, a mark and a space are one each.
_TOKENS = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
# Below this share in common two paragraphs are shown as one gone and one new, not as a soup of letters.
_ALIKE = 0.35
# Equal runs shorter than this between two changes are drawn into them: single shared characters hide the change.
_SHORTEST_EQUAL = 2
# Longer paragraphs are compared with difflib's heuristic on, which keeps the time near linear.
_LONG_TOKENS = 3000
_PAIRS_MAX = 2500


class Text(Protocol):
    body: str


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; ``kind`` is ``same``, ``deleted`` or ``inserted``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One aligned pair; ``older`` and ``newer`` are paragraph numbers from 1, ``None`` without a counterpart."""

    kind: str  # same, changed, deleted, inserted
    older: int | None
    newer: int | None
    spans: tuple[Span, ...]

    @property
    def older_spans(self) -> list[Span]:
        return [span for span in self.spans if span.kind != "inserted"]

    @property
    def newer_spans(self) -> list[Span]:
        return [span for span in self.spans if span.kind != "deleted"]


def compare(older: Text, newer: Text) -> list[Row]:
    """Return the paragraphs of both texts in reading order, aligned, with what changed inside them."""
    old, new = paragraphs(older.body), paragraphs(newer.body)
    rows: list[Row] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [
                Row("same", i + 1, j + 1, (Span("same", old[i]),))
                for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
            ]
        else:
            rows += _aligned(old, new, i1, i2, j1, j2)
    return rows


def changes(old: str, new: str) -> tuple[Span, ...]:
    """Return the spans that lead from ``old`` to ``new``."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=max(len(before), len(after)) > _LONG_TOKENS)
    parts: list[tuple[str, str, bool]] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        parts.append(("".join(before[i1:i2]), "".join(after[j1:j2]), tag == "equal"))
    spans: list[Span] = []
    gone = came = ""
    for position, (left, right, equal) in enumerate(parts):
        inner = 0 < position < len(parts) - 1
        if equal and not (inner and len(left.strip()) < _SHORTEST_EQUAL):
            spans += _change(gone, came)
            spans.append(Span("same", left))
            gone = came = ""
        else:
            gone, came = gone + left, came + right
    return tuple(spans + _change(gone, came))


def _change(gone: str, came: str) -> list[Span]:
    return [Span(kind, text) for kind, text in (("deleted", gone), ("inserted", came)) if text]


def _likeness(old: str, new: str) -> float:
    # Shared pairs of characters: cheap, and enough to tell a rewritten paragraph from another one.
    left = {old[i : i + 2] for i in range(max(len(old) - 1, 1))}
    right = {new[i : i + 2] for i in range(max(len(new) - 1, 1))}
    return 2 * len(left & right) / (len(left) + len(right))


def _aligned(old: list[str], new: list[str], i1: int, i2: int, j1: int, j2: int) -> list[Row]:
    """Align a replaced block in order so that the sum of likenesses is greatest."""
    height, width = i2 - i1, j2 - j1
    pairs: list[tuple[int, int]] = []
    if height * width <= _PAIRS_MAX:
        best = [[0.0] * (width + 1) for _ in range(height + 1)]
        alike = [[_likeness(old[i1 + i], new[j1 + j]) for j in range(width)] for i in range(height)]
        for i in range(height - 1, -1, -1):
            for j in range(width - 1, -1, -1):
                paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
                best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
        i = j = 0
        while i < height and j < width:
            if alike[i][j] >= _ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
                pairs.append((i1 + i, j1 + j))
                i, j = i + 1, j + 1
            elif best[i + 1][j] >= best[i][j + 1]:
                i += 1
            else:
                j += 1
    rows: list[Row] = []
    i, j = i1, j1
    for left, right in [*pairs, (i2, j2)]:
        rows += [Row("deleted", k + 1, None, (Span("deleted", old[k]),)) for k in range(i, left)]
        rows += [Row("inserted", None, k + 1, (Span("inserted", new[k]),)) for k in range(j, right)]
        if left < i2 and right < j2:
            rows.append(Row("changed", left + 1, right + 1, changes(old[left], new[right])))
        i, j = left + 1, right + 1
    return rows
