"""Reads back what a paper says: the text that a reader of the PDF or of the Word file could copy out of it."""

import re
import zlib
from io import BytesIO

from docx import Document

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"^(.*?)stream\r?\n(.*)\r?\nendstream", re.DOTALL)
# A font is chosen, or a string begins; brackets inside a string are escaped, or come in pairs.
_TOKEN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(\()", re.DOTALL)
# What a marked piece is, such as its language: said of the text, no part of it.
_PROPERTIES = re.compile(rb"<<[^<>]*>>\s*BDC")
_BRACKET = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pdf_text(content: bytes) -> str:
    """Return the text of a PDF that typst wrote, page after page, without blanks."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    found = []
    for body in objects.values():
        if re.search(rb"/Type/Page\b", body):
            resources = objects[_reference(body, rb"/Resources")]
            fonts = {name: _letters(objects, int(font)) for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}
            found.append(_shown(_inflated(objects[_reference(body, rb"/Contents")]), fonts))
    return "".join("".join(found).split())


def docx_text(content: bytes) -> str:
    """Return every text of a Word file, head and foot of the pages included, without blanks."""
    document = Document(BytesIO(content))
    parts = [document.element.body]
    for section in document.sections:
        parts += [section.header._element, section.footer._element]
    texts = (node.text or "" for part in parts for node in part.iter() if node.tag.endswith("}t"))
    return "".join("".join(texts).split())


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(key + rb" (\d+) 0 R", body)
    assert found, key
    return int(found[1])


def _inflated(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[2]) if b"FlateDecode" in found[1] else found[2]


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Return the letter of each glyph, as the font's ToUnicode map has it."""
    cmap = _inflated(objects[_reference(objects[font], rb"/ToUnicode")])
    letters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, text in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            letters[int(glyph, 16)] = _utf16(text)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(high, 16) - int(low, 16) + 1):
                letters[int(low, 16) + step] = chr(ord(_utf16(text)) + step)
    return letters


def _utf16(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")


def _shown(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    stream = _PROPERTIES.sub(b"", stream)
    letters: dict[int, str] = {}
    found: list[str] = []
    place = 0
    while token := _TOKEN.search(stream, place):
        name, coded, literal = token.groups()
        place = token.end()
        if name:
            letters = fonts[name]
            continue
        if literal:
            place = _end_of_literal(stream, token.end())
            glyphs = _ESCAPE.sub(_unescaped, stream[token.end() : place - 1])
        else:
            glyphs = bytes.fromhex(coded.decode())
        found += [letters.get(int.from_bytes(glyphs[at : at + 2], "big"), "") for at in range(0, len(glyphs), 2)]
    return "".join(found)


def _end_of_literal(stream: bytes, place: int) -> int:
    depth = 1
    while depth:
        token = _BRACKET.search(stream, place)
        assert token
        depth += {b"(": 1, b")": -1}.get(token[0], 0)
        place = token.end()
    return place


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8)]) if code[:1].isdigit() else _NAMED.get(code, code)
