"""Take a workbook in: judge the upload by its content, keep it encrypted, and read it through ``reader.py``."""

import io
import json
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

from portal.encryption.crypto import decrypt, encrypt

MAX_ROWS = 200_000
UNPACKED_MAX_BYTES = 400 * 1024 * 1024
_PIECE = 192 * 1024
_READER = Path(__file__).with_name("reader.py")

FAILURES: dict[str, Any] = {
    "empty_file": _("The file is empty."),
    "too_big": _("The file is larger than %(limit)s MB. Split the list into several files."),
    "extension": _("Only Excel workbooks (.xlsx, .xls) and simple lists (.csv) can be imported."),
    "not_as_named": _(
        "The content of this file is not what its name says. "
        "Open it in Excel or WPS and save it as an Excel workbook (.xlsx)."
    ),
    "web_page": _(
        "This is a web page, not a workbook. Open it in Excel or WPS and save it as an Excel workbook (.xlsx)."
    ),
    "not_a_workbook": _("This file is not an Excel workbook. Save the list as an Excel workbook (.xlsx)."),
    "macros": _("This workbook contains macros. Save it as an Excel workbook without macros (.xlsx)."),
    "password": _("This workbook is protected by a password. Remove the password in Excel or WPS and upload it again."),
    "broken": _(
        "This file is damaged and cannot be read. Open it in Excel or WPS, save it again, and upload the new file."
    ),
    "unpacked_too_big": _(
        "Unpacked, this workbook is larger than %(limit)s MB. It was not read. Split the list into several files."
    ),
    "too_many_rows": _("This workbook has more than %(limit)s rows. Split the list into several files."),
    "empty": _("This workbook has no visible sheet with content."),
    "no_heading": _("No heading row was found in the first %(rows)s rows. Use the headings of the template."),
    "no_rows": _("Under the heading row there is no row with content."),
    "missing_column": _(
        "A column is missing that every row needs: %(columns)s. Choose it below, or add it to the workbook."
    ),
    "double_column": _("Two columns were given the same meaning: %(columns)s."),
    "duty_ended": _("The right to import into this organization has ended."),
    "gone": _("The uploaded file is no longer kept."),
    "gave_up": _(
        "The portal could not finish this list. What was imported can be undone; please tell the administrator."
    ),
    "errors_left": _(
        "Rows with errors appeared since the preview, and all or none was asked for. Nothing was imported."
    ),
}


class WorkbookError(Exception):
    """A workbook cannot be used; ``code`` names the entry of ``FAILURES``."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    @property
    def words(self) -> str:
        return failure_words([self.code, self.params])


def failure_words(failure: list[Any]) -> str:
    """Return a stored failure in the reader's language."""
    return str(FAILURES[failure[0]]) % failure[1] if failure else ""


def kind_of(upload: File) -> str:
    """Return ``xlsx``, ``xls`` or ``csv`` for an upload that is what its name says, or raise ``WorkbookError``."""
    extension = Path(upload.name or "").suffix.lower()
    if extension == ".xlsm":
        raise WorkbookError("macros")
    if extension not in (".xlsx", ".xls", ".csv"):
        raise WorkbookError("extension")
    if not upload.size:
        raise WorkbookError("empty_file")
    if upload.size > settings.UPLOAD_MAX_MB * 1024 * 1024:
        raise WorkbookError("too_big", limit=settings.UPLOAD_MAX_MB)
    upload.seek(0)
    head = upload.read(64 * 1024)
    upload.seek(0)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_compound(upload, extension)
    if head.startswith(b"PK"):
        return _kind_of_archive(upload, extension)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml", b"<head", b"<body", b"mime-version")):
        raise WorkbookError("web_page")
    if extension != ".csv":
        raise WorkbookError("not_a_workbook" if b"\0" in head else "not_as_named")
    if b"\0" in head:
        raise WorkbookError("not_a_workbook")
    return "csv"


def _kind_of_compound(upload: File, extension: str) -> str:
    """Tell a workbook of Excel 97 from the wrapping that a password puts around a newer one."""
    data = upload.read()
    upload.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise WorkbookError("password")
    if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
        raise WorkbookError("not_a_workbook")
    if extension != ".xls":
        raise WorkbookError("not_as_named")
    return "xls"


def _kind_of_archive(upload: File, extension: str) -> str:
    try:
        with zipfile.ZipFile(upload) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WorkbookError("broken") from error
    finally:
        upload.seek(0)
    names = {info.filename for info in infos}
    if "xl/workbook.xml" not in names:
        raise WorkbookError("not_a_workbook")
    if "xl/vbaProject.bin" in names:
        raise WorkbookError("macros")
    if sum(info.file_size for info in infos) > UNPACKED_MAX_BYTES or len(infos) > 5000:
        raise WorkbookError("unpacked_too_big", limit=UNPACKED_MAX_BYTES // (1 << 20))
    if extension != ".xlsx":
        raise WorkbookError("not_as_named")
    return "xlsx"


def sealed(upload: File) -> ContentFile:
    """Return the upload encrypted, piece by piece, one line each: a list in clear never rests on disk."""
    target = io.BytesIO()
    upload.seek(0)
    while piece := upload.read(_PIECE):
        target.write(encrypt(b64encode(piece).decode()).encode())
        target.write(b"\n")
    return ContentFile(target.getvalue())


def unsealed(stored: IO[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a file that ``sealed`` wrote."""
    for line in stored:
        yield b64decode(decrypt(line.decode().rstrip("\n")))


@dataclass(slots=True)
class OpenWorkbook:
    """A workbook being read: what is known at once, and the rows, chunk by chunk, with the number Excel shows."""

    sheet: str
    height: int
    formulas: dict[int, list[int]]
    chunks: Iterator[tuple[int, list[list[Any]]]]


class reading:  # noqa: N801 - a context manager that reads as a verb
    """Open a workbook: ``with reading(pieces, "xlsx") as book``; raise ``WorkbookError`` when it cannot be read."""

    def __init__(self, pieces: Iterator[bytes], kind: str) -> None:
        self.pieces, self.kind = pieces, kind

    def __enter__(self) -> OpenWorkbook:
        self.process = subprocess.Popen(  # noqa: S603 - our own script, by our own interpreter
            [sys.executable, "-I", str(_READER), self.kind, str(UNPACKED_MAX_BYTES), str(MAX_ROWS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdin and self.process.stdout
        try:
            with closing(self.process.stdin) as door:
                for piece in self.pieces:
                    door.write(piece)
            first = self._next()
        except BrokenPipeError as error:
            self.__exit__()
            raise WorkbookError("broken") from error
        except BaseException:
            self.__exit__()
            raise
        formulas = {int(number): columns for number, columns in first["formulas"].items()}
        return OpenWorkbook(first["sheet"], first["rows"], formulas, self._chunks())

    def __exit__(self, *args: Any) -> None:
        self.process.kill()
        self.process.stdout.close()  # type: ignore[union-attr]
        self.process.wait()

    def _next(self) -> Any:
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise WorkbookError("broken")
        value = json.loads(line)
        if isinstance(value, dict) and "error" in value:
            raise WorkbookError(value.pop("error"), **value)
        return value

    def _chunks(self) -> Iterator[tuple[int, list[list[Any]]]]:
        while isinstance(value := self._next(), list):
            yield value[0], value[1]
