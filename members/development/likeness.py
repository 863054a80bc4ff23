"""How much one text shares with another: shingles to find candidates, passages to show. Pure.

The result teaches and is never a verdict: thought reports quote the same documents for good reasons.
"""

import heapq
import zlib
from dataclasses import dataclass

SHINGLE = 6
SKETCH_SIZE = 64
# The shortest passage worth showing, in characters without marks and spaces: a set phrase is shorter.
PASSAGE_MIN = 13
CONTEXT = 12


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that both texts hold: as it stands in each, with a little of the first text around it."""

    before: str
    mine: str
    after: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """``percent`` of the first text is found in the second, in these passages."""

    percent: int
    passages: tuple[Passage, ...]


def _letters(text: str) -> tuple[str, list[int]]:
    """Return ``text`` without marks and spaces, folded, with the place of each character in ``text``."""
    kept, places = [], []
    for place, char in enumerate(text):
        if char.isalnum():
            kept.append(char.lower()[:1])
            places.append(place)
    return "".join(kept), places


def sketch(text: str) -> list[int]:
    """Return the smallest hashes of the shingles of ``text``: texts that share many of them share much."""
    letters, _places = _letters(text)
    hashes = {zlib.crc32(letters[i : i + SHINGLE].encode(), 0x5EED) for i in range(len(letters) - SHINGLE + 1)}
    return heapq.nsmallest(SKETCH_SIZE, hashes)


def likeness(mine: str, theirs: str) -> Likeness:
    """Return what of ``mine`` is found in ``theirs``; for texts as people write them time grows with their lengths."""
    left, left_places = _letters(mine)
    right, right_places = _letters(theirs)
    if len(left) < PASSAGE_MIN or len(right) < PASSAGE_MIN:
        return Likeness(0, ())
    starts: dict[str, list[int]] = {}
    for j in range(len(right) - PASSAGE_MIN + 1):
        starts.setdefault(right[j : j + PASSAGE_MIN], []).append(j)
    covered, found, i = 0, [], 0
    while i <= len(left) - PASSAGE_MIN:
        # A text that repeats itself has many starts; a few are enough to find the longest run.
        best, at = 0, 0
        for j in starts.get(left[i : i + PASSAGE_MIN], ())[:8]:
            length = PASSAGE_MIN
            while i + length < len(left) and j + length < len(right) and left[i + length] == right[j + length]:
                length += 1
            if length > best:
                best, at = length, j
        if not best:
            i += 1
            continue
        covered += best
        start, end = left_places[i], left_places[i + best - 1] + 1
        their_start, their_end = right_places[at], right_places[at + best - 1] + 1
        found.append(
            Passage(
                before=mine[max(0, start - CONTEXT) : start],
                mine=mine[start:end],
                after=mine[end : end + CONTEXT],
                theirs=theirs[their_start:their_end],
            )
        )
        i += best
    return Likeness(round(100 * covered / len(left)), tuple(found))
