"""Recordings for tests, of every container that browsers and telephones write: a few bytes each, of any length."""

import io
import struct
import wave


def wav(seconds: float = 1.0, *, rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(1)
        made.setframerate(rate)
        made.writeframes(bytes(range(100, 140)) * int(seconds * rate / 40))
    return out.getvalue()


def _element(name: str, body: bytes, *, live: bool = False) -> bytes:
    size = b"\x01" + b"\xff" * 7 if live else struct.pack(">Q", len(body) | 1 << 56)
    return bytes.fromhex(name) + size + body


def webm(seconds: float = 1.0, *, tracks: tuple[int, ...] = (2,), stated: float | None = None) -> bytes:
    """As a browser records it: the size of segment and clusters is not known beforehand, and no length is stated."""
    info = _element("2ad7b1", (1_000_000).to_bytes(3))
    if stated is not None:
        info += _element("4489", struct.pack(">d", stated * 1000))
    entries = b"".join(_element("ae", _element("83", bytes([kind])) + _element("86", b"A_OPUS")) for kind in tracks)
    clusters, at = b"", 0
    while at < seconds * 1000:
        blocks = b"".join(
            _element("a3", b"\x81" + struct.pack(">hB", offset, 0) + b"sound")
            for offset in range(0, int(min(30_000, seconds * 1000 - at)) + 1, 1000)
        )
        clusters += _element("1f43b675", _element("e7", at.to_bytes(4)) + blocks, live=True)
        at += 30_000
    segment = _element("1549a966", info) + _element("1654ae6b", entries) + clusters
    return _element("1a45dfa3", _element("4282", b"webm")) + _element("18538067", segment, live=True)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def m4a(seconds: float = 1.0, *, handler: bytes = b"soun", brand: bytes = b"M4A ", in_pieces: bool = False) -> bytes:
    """As a telephone records it, whole or ``in_pieces`` that only tell at which moment each begins."""
    scale, length = 1000, 0 if in_pieces else int(seconds * 1000)
    head = struct.pack(">IIIII", 0, 0, 0, scale, length)
    track = _box(b"mdia", _box(b"mdhd", head) + _box(b"hdlr", bytes(8) + handler + bytes(12)))
    made = _box(b"ftyp", brand + bytes(4)) + _box(b"moov", _box(b"mvhd", head) + _box(b"trak", track))
    if in_pieces:
        made += _box(b"moof", _box(b"traf", _box(b"tfdt", struct.pack(">II", 0, int(seconds * 1000)))))
    return made + _box(b"mdat", b"sound")


def ogg(seconds: float = 1.0, *, head: bytes = b"OpusHead") -> bytes:
    def page(position: int, body: bytes) -> bytes:
        return b"OggS\0\0" + struct.pack("<q", position) + bytes(12) + b"\x01" + bytes([len(body)]) + body

    return page(0, head + bytes(11)) + page(int(seconds * 48000), b"sound")


def mp3(seconds: float = 1.0, *, tagged: bool = False) -> bytes:
    """64 kbit/s at 44.1 kHz."""
    frames = b"\xff\xfb\x50\xc4" + b"\0" * int(seconds * 8000)
    return (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) if tagged else b"") + frames
