"""An agenda as people type it: a matter a line, its minutes after a bar, a heading for each kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MINUTES_MAX = 480
TITLE_MAX = 160
LINES_MAX = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One matter as it was typed."""

    kind: str
    title: str
    minutes: int | None


def read_agenda(text: str, kinds: Mapping[str, Any], *, first: str) -> list[Line]:
    """Return the matters of ``text``; a line ``[label]`` begins those of the kind with that label.

    ``kinds`` are labels by code, ``first`` the kind of lines before any heading. Raises ``ValueError`` with the line
    that cannot be read.
    """
    by_label = {str(label).strip().casefold(): code for code, label in kinds.items()}
    found: list[Line] = []
    kind = first
    for line in text.splitlines():
        words = line.strip()
        if not words:
            continue
        if words[0] in "[【" and words[-1] in "]】":
            heading = words[1:-1].strip().casefold()
            if heading not in by_label:
                raise ValueError(words)
            kind = by_label[heading]
            continue
        title, bar, minutes = words.replace("｜", "|").rpartition("|")
        if not bar:
            title, minutes = words, ""
        title, minutes = title.strip(), minutes.strip()
        if not title or len(title) > TITLE_MAX or len(found) >= LINES_MAX:
            raise ValueError(words)
        if minutes and not (minutes.isascii() and minutes.isdigit() and 0 < int(minutes[:6]) <= MINUTES_MAX):
            raise ValueError(words)
        found.append(Line(kind, title, int(minutes) if minutes else None))
    return found


def write_agenda(lines: Iterable[Mapping[str, Any]], kinds: Mapping[str, Any]) -> str:
    """Return ``lines`` (kind, title, minutes) as a person would type them."""
    found: list[str] = []
    kind = ""
    for line in lines:
        if line["kind"] != kind and line["kind"] in kinds:
            kind = line["kind"]
            found.append(f"[{kinds[kind]}]")
        found.append(f"{line['title']} | {line['minutes']}" if line.get("minutes") else str(line["title"]))
    return "\n".join(found)
