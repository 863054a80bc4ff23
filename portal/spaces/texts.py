"""Plain text as people typed it, shown as text: lines kept, addresses as links, nothing else ever markup."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Addresses end before the punctuation of either language and before anything that could leave an attribute.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\{}|^，。；：！？、（）《》「」“”‘’]+", re.IGNORECASE)
_TAIL = ".,;:!?)]"


def shown(text: str) -> SafeString:
    """Return ``text`` as HTML: paragraphs, line breaks and links; everything else is escaped."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip()]
    return format_html_join("", "<p>{}</p>", ((_lines(part),) for part in paragraphs))


def _lines(text: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((_linked(line),) for line in text.split("\n")))


def _linked(line: str) -> SafeString:
    pieces: list[SafeString] = []
    end = 0
    for found in _ADDRESS.finditer(line):
        address = found[0].rstrip(_TAIL)
        pieces.append(format_html("{}", line[end : found.start()]))
        pieces.append(
            format_html('<a href="{0}" rel="nofollow noopener noreferrer ugc">{1}</a>', address, _short(address))
        )
        end = found.start() + len(address)
    pieces.append(format_html("{}", line[end:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _short(address: str) -> str:
    return address if len(address) <= 60 else f"{address[:57]}…"
