"""The door to a virus scanner: ``settings.FILES_SCANNER`` names a class that looks at each upload; none by default."""

import socket
import struct
from functools import lru_cache
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class ScannerUnavailable(Exception):
    """The scanner gave no answer; the upload is refused rather than taken unseen."""


class Scanner(Protocol):
    def scan(self, stream: BinaryIO) -> str:
        """Return what was found in ``stream``, or ``""``; raise ``ScannerUnavailable`` when it cannot tell."""


class NoScanner:
    """Finds nothing, because nobody looks."""

    def scan(self, stream: BinaryIO) -> str:
        return ""


class ClamdScanner:
    """Asks a ClamAV daemon at ``settings.FILES_CLAMD_ADDRESS`` (``host:port``) by its INSTREAM command."""

    chunk = 64 * 1024

    def scan(self, stream: BinaryIO) -> str:
        host, _, port = settings.FILES_CLAMD_ADDRESS.rpartition(":")
        stream.seek(0)
        try:
            with socket.create_connection((host, int(port)), timeout=30) as connection:
                connection.sendall(b"zINSTREAM\0")
                while piece := stream.read(self.chunk):
                    connection.sendall(struct.pack("!I", len(piece)) + piece)
                connection.sendall(struct.pack("!I", 0))
                answer = _whole_answer(connection)
        except (OSError, ValueError) as error:
            raise ScannerUnavailable from error
        if answer.endswith("FOUND"):
            return answer.removeprefix("stream:").removesuffix("FOUND").strip()
        if answer.endswith("OK"):
            return ""
        raise ScannerUnavailable(answer)


def _whole_answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and (piece := connection.recv(4096)):
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


@lru_cache(maxsize=4)
def _load(path: str) -> Scanner:
    found: Scanner = import_string(path)()
    return found


def scanner() -> Scanner:
    """Return the scanner that the settings name."""
    return _load(settings.FILES_SCANNER)
