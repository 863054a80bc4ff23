"""Which files are taken: types by kind, limits, and names. Pure; content is judged in ``inspection``."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from .models import Kind

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """A type of file: the extensions that may name it, and how it is sent."""

    code: str
    extensions: tuple[str, ...]
    mime: str
    inline: bool = False  # shown in a page; everything else is only ever downloaded


_FORMATS = (
    Format("jpeg", ("jpg", "jpeg", "jfif"), "image/jpeg", inline=True),
    Format("png", ("png",), "image/png", inline=True),
    Format("webp", ("webp",), "image/webp", inline=True),
    Format("gif", ("gif",), "image/gif", inline=True),
    Format("pdf", ("pdf",), "application/pdf"),
    Format("docx", ("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    Format("xlsx", ("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Format("pptx", ("pptx",), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    Format("odt", ("odt",), "application/vnd.oasis.opendocument.text"),
    Format("ods", ("ods",), "application/vnd.oasis.opendocument.spreadsheet"),
    Format("odp", ("odp",), "application/vnd.oasis.opendocument.presentation"),
    Format("doc", ("doc", "wps"), "application/msword"),
    Format("xls", ("xls", "et"), "application/vnd.ms-excel"),
    Format("ppt", ("ppt", "dps"), "application/vnd.ms-powerpoint"),
    Format("text", ("txt", "csv"), "text/plain"),
    Format("mp4", ("mp4", "m4v"), "video/mp4", inline=True),
    # What telephones record: the same boxes under an older name, which browsers play under the newer one alone.
    Format("mov", ("mov", "qt"), "video/mp4", inline=True),
    Format("webm", ("webm",), "video/webm", inline=True),
    Format("weba", ("weba", "webm"), "audio/webm", inline=True),
    Format("m4a", ("m4a", "mp4"), "audio/mp4", inline=True),
    Format("ogg", ("ogg", "oga", "opus"), "audio/ogg", inline=True),
    Format("mp3", ("mp3",), "audio/mpeg", inline=True),
    Format("wav", ("wav",), "audio/wav", inline=True),
)
FORMATS: Mapping[str, Format] = {found.code: found for found in _FORMATS}
PICTURES = frozenset({"jpeg", "png", "webp", "gif"})
_DOCUMENTS = frozenset({"pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "text"})

TAKEN: Mapping[str, frozenset[str]] = {
    Kind.IMAGE: PICTURES,
    Kind.DOCUMENT: _DOCUMENTS,
    Kind.VIDEO: frozenset({"mp4", "mov", "webm"}),
    Kind.SCAN: PICTURES | {"pdf"},
    Kind.ATTACHMENT: _DOCUMENTS | PICTURES,
    Kind.VOICE: frozenset({"weba", "m4a", "ogg", "mp3", "wav"}),
}
INLINE_TYPES = frozenset(found.mime for found in _FORMATS if found.inline)

# Renditions of a picture: the longer side at most so many pixels.
RENDITIONS: Mapping[str, int] = {"thumb": 320, "card": 640, "wide": 1280}
LONGEST_SIDE = 2560
# Uploads of one person that belong to nothing yet; the daily sweep makes room again.
LOOSE_FILES_MAX = 200


def accepted_extensions(kind: str) -> list[str]:
    """Return what a file input of ``kind`` offers, as ``.pdf``."""
    return [f".{extension}" for found in _FORMATS if found.code in TAKEN[kind] for extension in found.extensions]


_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%#&;`$\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+')


def safe_name(name: str, extension: str) -> str:
    """Return ``name`` without paths, control and direction marks, at most 120 characters, ending in ``extension``."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem = base.rpartition(".")[0] or base
    stem = _UNSAFE.sub(" ", stem).strip(" .")
    stem = " ".join(stem.split())[: 118 - len(extension)].rstrip(" .") or "file"
    return f"{stem}.{extension}"


def extension_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
