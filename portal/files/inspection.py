"""Judge an upload by its content: the type it really is, and what it must not carry. Nothing is unpacked or decoded."""

import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from portal.web.refusals import RuleError

from .rules import FORMATS, MEGABYTE, Format

_HEAD = 4096
# A folded archive may hold so many entries and so many bytes, and may shrink at most so much.
ENTRIES_MAX = 5000
UNPACKED_MAX = 300 * MEGABYTE
RATIO_MAX = 200
_RATIO_FROM = 10 * MEGABYTE

_OFFICE_PARTS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_OLD_OFFICE = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_MACRO_ENTRIES = ("vbaproject.bin", "vbadata.xml")
_ACTIVE_TEXT = (b"<!doctype html", b"<html", b"<script", b"<svg", b"<?xml", b"<?php", b"#!/", b"<body", b"<iframe")


def detect(stream: BinaryIO) -> Format | None:
    """Return the type that the content of ``stream`` shows, or ``None``; leaves the stream at its start.

    Raises ``RuleError`` for what no kind takes whatever it is called: macros, passwords, archives that would swell.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    code = _by_signature(head)
    if code == "zip":
        code = _inside_archive(stream)
    elif code == "ole":
        code = _inside_old_office(stream)
    elif not code and _is_text(stream):
        code = "text"
    stream.seek(0)
    return FORMATS.get(code)


def _by_signature(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"OggS") and (b"OpusHead" in head or b"\x01vorbis" in head):
        return "ogg"
    # The first frame of a layer III stream; its other layers are of no use to a browser.
    if head.startswith(b"ID3") or head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xfa", b"\xf3", b"\xf2", b"\xe3"):
        return "mp3"
    if head[4:12] == b"ftypM4A ":
        return "m4a"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if head[4:12] == b"ftypqt  ":
        return "mov"
    if head[4:8] == b"ftyp" and head[8:12] not in (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"M4A "):
        return "mp4"
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return "webm"
    return ""


def _inside_archive(stream: BinaryIO) -> str:
    """Tell office documents by the names of their entries; read the directory of the archive only."""
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _refuse_swelling(entries)
            names = [entry.filename for entry in entries]
            if any(name.lower().rpartition("/")[2] in _MACRO_ENTRIES for name in names):
                raise RuleError(_("The document contains macros. Save it without macros and upload it again."))
            if "[Content_Types].xml" in names:
                found = {code for part, code in _OFFICE_PARTS.items() if any(name.startswith(part) for name in names)}
                return found.pop() if len(found) == 1 else ""
            if names and names[0] == "mimetype" and entries[0].file_size < 100:
                return _OPEN_DOCUMENTS.get(archive.read(entries[0]).strip(), "")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise RuleError(_("The file is damaged and cannot be opened.")) from error
    return ""


def _refuse_swelling(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise RuleError(_("The file is protected by a password. Remove the password and upload it again."))
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    swells = unpacked > _RATIO_FROM and unpacked / packed > RATIO_MAX
    # Two entries in the same bytes of the archive are how a small file pretends to be many large ones.
    overlaps = len({entry.header_offset for entry in entries}) != len(entries)
    if len(entries) > ENTRIES_MAX or unpacked > UNPACKED_MAX or swells or overlaps:
        raise RuleError(_("The file would become too large when opened."))
    if any(_leaves(entry.filename) for entry in entries):
        raise RuleError(_("The file is damaged and cannot be opened."))


def _leaves(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or name[1:2] == ":"


def _inside_old_office(stream: BinaryIO) -> str:
    """Tell the binary office formats by the names of their streams, which stand in UTF-16 in the file."""
    stream.seek(0)
    content = stream.read()
    if _utf16("EncryptedPackage") in content:
        raise RuleError(_("The file is protected by a password. Remove the password and upload it again."))
    if _utf16("_VBA_PROJECT") in content:
        raise RuleError(_("The document contains macros. Save it without macros and upload it again."))
    return next((code for name, code in _OLD_OFFICE.items() if _utf16(name) + b"\x00\x00" in content), "")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _is_text(stream: BinaryIO) -> bool:
    """Say whether the whole content is readable text, and nothing a browser or shell would run."""
    stream.seek(0)
    content = stream.read()
    if not content or b"\x00" in content:
        return False
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if any(mark in head for mark in _ACTIVE_TEXT):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(character.isprintable() or character in "\r\n\t\f\u3000\ufeff\xa0" for character in text[:_HEAD])
    return False
