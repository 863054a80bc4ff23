"""What stands on a paper, said once for PDF and Word: a ``Sheet`` of blocks. The writers only draw it.

Lengths are millimetres. Every text is plain text: no writer reads markup from it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

NOTHING = "无"
# Room to write by hand: no-break spaces, for others vanish at the end of a line.
ROOM = "\u00a0"
_BLANK_DAY = "{0}年{0}月{0}日".format(ROOM * 6)
_BLANK_NAME = ROOM * 20
# Control signs that XML refuses, half surrogates, and marks that reverse the order of what one reads.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff]"
)
_LINE_END = re.compile(r"\r\n|[\r\u2028\u2029]")


class Style(StrEnum):
    """How a sheet is laid out.

    ``LETTER`` follows GB/T 9704, ``FORM`` is a bordered form, ``LIST`` a table lying across, ``SLIPS`` are to
    be cut apart and bear no page number.
    """

    LETTER = "letter"
    FORM = "form"
    LIST = "list"
    SLIPS = "slips"


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Running text; each line break begins a new paragraph."""

    words: str
    indent: bool = True
    kind: str = "paragraphs"


@dataclass(frozen=True, slots=True)
class Heading:
    words: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    words: str
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and values side by side, two to a line, without borders."""

    rows: tuple[tuple[str, str], ...]
    separator: str = "："
    kind: str = "pairs"


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines at the right: who signs, and the day."""

    lines: tuple[str, ...]
    kind: str = "signature"


@dataclass(frozen=True, slots=True)
class Ruled:
    """Empty lines to write on by hand."""

    lines: int
    kind: str = "ruled"


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a further part of the paper, set as that of the first; ``anchor`` is what ``Contents`` points to."""

    words: str
    anchor: str = ""
    kind: str = "title"


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""

    kind: str = "newpage"


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents: words, and the anchor of the ``Title`` they stand for. Word files name no pages."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "contents"


@dataclass(frozen=True, slots=True)
class Sides:
    """Small print at both ends of a line, such as a part and its number."""

    left: str
    right: str
    kind: str = "sides"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the paper is cut apart; ``words`` stand in the line, such as those for a seal across it."""

    words: str = ""
    kind: str = "cut"


@dataclass(frozen=True, slots=True)
class Cell:
    """A box of a form, ``span`` columns wide and at least ``height`` high; ``foot`` is signed at its lower right."""

    words: str = ""
    span: int = 1
    label: bool = False
    height: int = 0
    foot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A bordered form. ``columns`` are parts of the width; the spans of each row add up to their number."""

    columns: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: str = "form"

    def __post_init__(self) -> None:
        for row in self.rows:
            if sum(cell.span for cell in row) != len(self.columns):
                raise ValueError(f"a row of {[cell.words for cell in row]} does not fill {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a listing; ``width`` is its part of the whole."""

    label: str
    width: int = 10
    left: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of many rows whose head is repeated on each page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "listing"

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row of a listing has as many values as there are columns")


Block: TypeAlias = (
    Paragraphs | Heading | Note | Pairs | Signature | Ruled | Title | NewPage | Contents | Sides | Cut | Form | Listing
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole paper. ``number`` stands under the title; ``mark`` on top of every page; ``foot`` beside the page number.

    ``stamp`` is a boxed code at the upper right. ``language`` is ``zh`` or ``en``.
    """

    title: str
    blocks: tuple[Block, ...]
    style: Style = Style.FORM
    number: str = ""
    mark: str = ""
    stamp: str = ""
    foot: str = ""
    language: str = "zh"


def plain(words: str) -> str:
    """Return ``words`` as they may stand on paper: line breaks are ``\\n``, unprintable signs are left out."""
    return _UNPRINTABLE.sub("", _LINE_END.sub("\n", words))


def filled(words: str) -> str:
    """Return ``words``, or 无: an empty box of an official form is written so."""
    return words if words.strip() else NOTHING


def day_words(day: date | None) -> str:
    """Return a day as papers write it; without a day, room to write it by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else _BLANK_DAY


def month_words(day: date | None) -> str:
    return f"{day.year}年{day.month}月" if day else ""


def said_day(day: date | None) -> str:
    """Return a day for a box that states a fact: 无 where there is none."""
    return day_words(day) if day else NOTHING


def listed_day(day: date | None) -> str:
    """Return a day for a column of a listing, where the long form would not fit."""
    return f"{day.year}.{day.month:02}.{day.day:02}" if day else NOTHING


def signed(label: str, name: str = "") -> str:
    """Return a line to sign on, with the name where it is known."""
    return f"{label}：{name or _BLANK_NAME}"


def label(words: str, *, span: int = 1) -> Cell:
    return Cell(words, span=span, label=True)


def fact(words: str, *, span: int = 1) -> Cell:
    """Return a box that states a fact: 无 where there is none."""
    return Cell(filled(words), span=span)


def box(
    name: str, words: str, *, span: int, height: int = 30, foot: Sequence[str] = (), blank: bool = False
) -> tuple[Cell, ...]:
    """Return a row of a label and a tall box. A ``blank`` one without words stays empty, to be written by hand."""
    text = words if blank else filled(words)
    return (label(name), Cell(text, span=span, height=height, foot=tuple(foot)))


def numbered(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return rows with their number in front."""
    return tuple((str(place), *row) for place, row in enumerate(rows, start=1))
