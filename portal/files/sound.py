"""Measure a recording by its container: whether it holds sound alone, and how long it lasts. Nothing is decoded."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from portal.web.refusals import RuleError


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording: its type, and its length in seconds where the container tells it."""

    code: str
    seconds: float | None


# A container that may hold moving pictures is a recording of its own type when it holds none.
SOUND_OF = {"webm": "weba", "mp4": "m4a"}
_MPEG_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MP3_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def measure(stream: BinaryIO, code: str) -> Sound:
    """Return what the recording in ``stream`` is; ``code`` is the type that its beginning shows.

    Raises ``RuleError`` when it is damaged, holds moving pictures, or holds no sound. Leaves the stream at its start.
    """
    stream.seek(0)
    content = stream.read()
    stream.seek(0)
    reader = _READERS[code]
    try:
        kinds, seconds = reader(content)
    except (struct.error, IndexError, KeyError, ZeroDivisionError, ValueError, OverflowError) as error:
        raise RuleError(_("The recording is damaged and cannot be opened.")) from error
    if "video" in kinds:
        raise RuleError(_("A voice message holds sound alone. Send this file as a video."), code="video")
    if "audio" not in kinds or seconds == 0:
        raise RuleError(_("There is no sound in this recording."), code="silent")
    return Sound(SOUND_OF.get(code, code), seconds)


Measured = tuple[set[str], float | None]

# Matroska: elements that hold others are entered; sizes of what is recorded live are not known beforehand.
_ENTERED = {0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0}
_TRACK_TYPES = {1: "video", 2: "audio"}


def _matroska(content: bytes) -> Measured:
    kinds: set[str] = set()
    scale, stated, cluster, last, blocks = 1_000_000, 0.0, 0, 0, 0
    for name, body in _elements(content):
        if name == 0x2AD7B1:
            scale = int.from_bytes(body)
        elif name == 0x4489:
            stated = struct.unpack(">f" if len(body) == 4 else ">d", body)[0]
        elif name == 0x83:
            kinds.add(_TRACK_TYPES.get(int.from_bytes(body), "other"))
        elif name == 0xE7:
            cluster = int.from_bytes(body)
        elif name in (0xA3, 0xA1):
            _track, width = _vint(body, 0)
            last = max(last, cluster + struct.unpack(">h", body[width : width + 2])[0])
            blocks += 1
    # What the blocks say counts: a file may state any length it likes. The last block lasts a little as well.
    found = max(last * scale, int(stated * scale)) / 1e9
    return kinds, max(found, 0.02) if blocks else 0


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(content):
        width = _width(content[place])
        name = int.from_bytes(content[place : place + width])
        place += width
        size, width = _vint(content, place)
        place += width
        if name not in _ENTERED:
            yield name, content[place : place + size]
            place += size


def _width(first: int) -> int:
    if not first:
        raise ValueError("no element begins with eight zeros")
    return 9 - first.bit_length()


def _vint(content: bytes, place: int) -> tuple[int, int]:
    """Return a number of changing width, and its width."""
    width = _width(content[place])
    return int.from_bytes(content[place : place + width]) & ((1 << 7 * width) - 1), width


_BOXES_ENTERED = {b"moov", b"trak", b"mdia", b"moof", b"traf"}
_HANDLERS = {b"soun": "audio", b"vide": "video"}


def _mp4(content: bytes) -> Measured:
    kinds: set[str] = set()
    scale, longest, latest = 0, 0.0, 0
    for name, body in _boxes(content, 0, len(content)):
        if name == b"hdlr":
            kinds.add(_HANDLERS.get(body[8:12], "other"))
        elif name in (b"mvhd", b"mdhd"):
            wide = body[0] == 1
            own, length = struct.unpack(">IQ" if wide else ">II", body[20:32] if wide else body[12:20])
            if name == b"mdhd":
                scale = own
            # All ones: not known.
            if length not in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF):
                longest = max(longest, length / own)
        elif name == b"tfdt":
            latest = max(latest, int.from_bytes(body[4 : 12 if body[0] == 1 else 8]))
    found = max(longest, latest / scale if scale else 0)
    return kinds, found or None


def _boxes(content: bytes, place: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while place + 8 <= end:
        size, name = struct.unpack(">I4s", content[place : place + 8])
        start = place + 8
        if size == 1:
            size, start = struct.unpack(">Q", content[start : start + 8])[0], place + 16
        elif size == 0:
            size = end - place
        if size < start - place:
            raise ValueError("a box ends before it begins")
        stop = min(place + size, end)
        if name in _BOXES_ENTERED:
            yield from _boxes(content, start, stop)
        else:
            yield name, content[start:stop]
        place += size


def _ogg(content: bytes) -> Measured:
    head = content[:4096]
    kinds = {"video"} if b"theora" in head else set()
    if b"OpusHead" in head:
        rate = 48000
    else:
        place = head.index(b"\x01vorbis")
        rate = struct.unpack("<I", head[place + 12 : place + 16])[0]
    last = content.rindex(b"OggS")
    position = struct.unpack("<q", content[last + 6 : last + 14])[0]
    return kinds | {"audio"}, max(position, 0) / rate


def _wav(content: bytes) -> Measured:
    place, per_second = 12, 0
    while place + 8 <= len(content):
        name, size = struct.unpack("<4sI", content[place : place + 8])
        if name == b"fmt ":
            per_second = struct.unpack("<I", content[place + 16 : place + 20])[0]
        elif name == b"data":
            return {"audio"}, (len(content) - place - 8) / per_second
        place += 8 + size + size % 2
    return set(), 0


def _mp3(content: bytes) -> Measured:
    place = 0
    if content.startswith(b"ID3"):
        a, b, c, d = content[6:10]
        place = 10 + (a << 21 | b << 14 | c << 7 | d)
    first, second, third = content[place : place + 3]
    version, layer = second >> 3 & 3, second >> 1 & 3
    if first != 0xFF or second & 0xE0 != 0xE0 or layer != 1:
        raise ValueError("no frame of layer III")
    if len(content) - place < 24:
        raise ValueError("a frame is longer than that")
    rate = _MPEG_RATES[version][third >> 2 & 3]
    kbits = _MP3_KBITS[3 if version == 3 else 2][third >> 4]
    frame = content[place : place + 200]
    mark = max(frame.find(b"Xing"), frame.find(b"Info"))
    if mark >= 0 and frame[mark + 7] & 1:
        frames = struct.unpack(">I", frame[mark + 8 : mark + 12])[0]
        return {"audio"}, frames * (1152 if version == 3 else 576) / rate
    return {"audio"}, (len(content) - place) * 8 / (kbits * 1000)


_READERS = {"webm": _matroska, "mp4": _mp4, "m4a": _mp4, "ogg": _ogg, "wav": _wav, "mp3": _mp3}
