"""Plain text as people paste it: cleaned, cut into paragraphs and counted. Pure."""

import re
import unicodedata

# Zero-width and directional marks that office programs leave behind; the ideographic space indents paragraphs.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x0b|\x0c")
_INDENT = "\u3000\u00a0 \t"


def clean_text(body: str) -> str:
    """Return ``body`` as plain paragraphs parted by one empty line: what a paste from an office program becomes."""
    return "\n\n".join(paragraphs(body))


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of ``body``: its lines that hold anything, without indents and invisible marks."""
    body = _INVISIBLE.sub("", _BREAKS.sub("\n", body))
    body = "".join(char for char in body if char in "\n\t" or unicodedata.category(char) != "Cc")
    lines = (re.sub(f"[{_INDENT}]+", " ", line).strip() for line in body.split("\n"))
    return [line for line in lines if line]


def count_characters(body: str) -> int:
    """Count what a Chinese reader counts as length: every character but white space."""
    return sum(1 for char in body if not char.isspace())
