"""Read a workbook in a process of its own and print its rows as JSON lines.

Run as a script, without Django: a workbook comes from outside, so it is unpacked where memory and time are limited and
where a crash or a leak takes nothing along. Standard input is the file, the arguments are its kind and the limits;
texts are brought into one width and trimmed. Each line of the output is one JSON value: ``{"sheet": …}``, then
``[first row number, [[cell, …], …]]`` again and again,
then ``{"end": rows}``; or, at any point, ``{"error": code, …}``.
"""

import csv
import gc
import io
import json
import re
import resource
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

CHUNK = 2000
MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 120
_CELL = re.compile(
    rb"<(?:\w+:)?c\s([^>]{0,200})>\s*<(?:\w+:)?f\b(?:[^>]{0,500}/>|[^>]{0,500}>[^<]{0,9000}</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v>([^<]?))?"
)
_FORMULA = re.compile(rb"[<:]f[\s/>]")
_REF = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
_TIDY = re.compile("[!-~\u00b7\u4e00-\u9fff]*")  # what neither trimming nor NFKC changes


class Refused(Exception):
    """The file cannot be read; carries the code of the message and its parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def say(value: Any) -> None:
    sys.stdout.write(json.dumps(value, default=plain, ensure_ascii=True))
    sys.stdout.write("\n")


def plain(value: Any) -> str:
    """Write days as days, moments as moments, everything else as text."""
    if isinstance(value, datetime):
        return value.isoformat(" ")[:16] if (value.hour or value.minute) else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def tidy(cell: Any) -> Any:
    """Return text in one width, without control characters and without blanks around or doubled; the rest as it is."""
    if type(cell) is not str or not cell:
        return cell
    text = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
    if not text.isprintable():
        text = _CONTROL.sub("", text)
        return _BLANKS.sub(" ", text).strip()
    return text if " " not in text else _BLANKS.sub(" ", text).strip()


def tidy_row(cells: list[Any]) -> list[Any]:
    """Return the row with every text tidied; most rows need nothing, which is seen for all their cells at once."""
    try:
        if _TIDY.fullmatch("".join(cells)):
            return cells
    except TypeError:  # a number or a day is among them
        pass
    return [*map(tidy, cells)]


def look_through(archive: zipfile.ZipFile, limit: int) -> bool:
    """Unpack every part without keeping it and say whether a formula may be among them.

    Raises ``Refused`` once the parts exceed ``limit`` bytes; the sizes that the archive itself states are not trusted.
    """
    total, has_formulas = 0, False
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise Refused("password")
        with archive.open(info) as part:
            end = b""
            while piece := part.read(1 << 20):
                total += len(piece)
                if total > limit:
                    raise Refused("unpacked_too_big", limit=limit // (1 << 20))
                window, end = end + piece, piece[-2:]
                # The plain search comes first: it is quicker than the pattern, and most parts hold neither.
                if not has_formulas and (b"<f" in window or b":f" in window):
                    has_formulas = _FORMULA.search(window) is not None
    return has_formulas


def sheet_part(archive: zipfile.ZipFile, name: str) -> str | None:
    """Return the path of the part that holds the sheet ``name``."""
    from xml.etree import ElementTree  # entities are refused below before anything is parsed

    parts = {}
    for path in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        if path not in archive.namelist():
            return None
        text = archive.read(path)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise Refused("broken")
        parts[path] = ElementTree.fromstring(text)  # noqa: S314
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    wanted = next(
        (
            node.get(relation)
            for node in parts["xl/workbook.xml"].iter()
            if node.get("name") == name and node.get(relation)
        ),
        None,
    )
    for node in parts["xl/_rels/workbook.xml.rels"]:
        if node.get("Id") == wanted:
            target = node.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def bare_formulas(archive: zipfile.ZipFile, name: str) -> dict[int, list[int]]:
    """Return the cells that hold a formula and no computed value, as ``{row number: [column index, …]}``."""
    part = sheet_part(archive, name)
    found: dict[int, list[int]] = {}
    if part is None or part not in archive.namelist():
        return found
    with archive.open(part) as stream:
        rest = b""
        while piece := stream.read(1 << 20):
            window = rest + piece
            if b"<f" in window or b":f" in window:
                for match in _CELL.finditer(window):
                    reference = _REF.search(match[1])
                    if reference and not match[2]:
                        columns = found.setdefault(int(reference[2]), [])
                        column = column_index(reference[1].decode())
                        if column not in columns:
                            columns.append(column)
            cut = window.rfind(b"<c ", max(0, len(window) - 12000))
            rest = window[cut:] if cut >= 0 else window[-12000:]
    return found


def text_rows(data: bytes) -> Iterator[list[Any]]:
    """Read a comma- or tab-separated list in UTF-8 or GB 18030."""
    if b"\0" in data[:4096]:
        raise Refused("not_a_workbook")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused("broken")
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise Refused("broken") from error


def workbook_rows(data: bytes, kind: str, unpacked_limit: int, row_limit: int) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows of the first visible sheet that has any, with their numbers; formulas are announced first."""
    import python_calamine as calamine

    archive, has_formulas = None, False
    if kind == "xlsx":
        archive = zipfile.ZipFile(io.BytesIO(data))
        has_formulas = look_through(archive, unpacked_limit)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            visible = [
                meta.name
                for meta in book.sheets_metadata
                if meta.visible == calamine.SheetVisibleEnum.Visible and meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            for name in visible:
                sheet = book.get_sheet_by_name(name)
                if sheet.start is not None:
                    break
            else:
                raise Refused("empty")
            if sheet.height > row_limit:
                raise Refused("too_many_rows", limit=row_limit)
            formulas = bare_formulas(archive, name) if archive and has_formulas else {}
            say({"sheet": name, "rows": sheet.height, "formulas": formulas})
            first, left = sheet.start[0] + 1, [""] * sheet.start[1]
            for number, cells in enumerate(sheet.iter_rows(), first):
                yield number, left + cells
    except calamine.PasswordError as error:
        raise Refused("password") from error
    except calamine.CalamineError as error:
        raise Refused("broken") from error


def rows_of(data: bytes, kind: str, unpacked_limit: int, row_limit: int) -> Iterator[tuple[int, list[Any]]]:
    if kind != "csv":
        yield from workbook_rows(data, kind, unpacked_limit, row_limit)
        return
    say({"sheet": "", "rows": data.count(b"\n") + 1, "formulas": {}})
    for number, cells in enumerate(text_rows(data), 1):
        if number > row_limit:
            raise Refused("too_many_rows", limit=row_limit)
        yield number, cells


def main(kind: str, unpacked_limit: int, row_limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    csv.field_size_limit(100_000)
    gc.disable()  # cells hold no cycles
    chunk: list[list[Any]] = []
    start = last = 0
    try:
        for number, cells in rows_of(sys.stdin.buffer.read(), kind, unpacked_limit, row_limit):
            if not chunk:
                start = number
            chunk.append(tidy_row(cells))
            last = number
            if len(chunk) == CHUNK:
                say([start, chunk])
                chunk = []
        if chunk:
            say([start, chunk])
        say({"end": last})
    except Refused as refused:
        say({"error": refused.code, **refused.params})
    except MemoryError:
        say({"error": "unpacked_too_big", "limit": unpacked_limit // (1 << 20)})
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        KeyError,
        SyntaxError,
        NotImplementedError,
        EOFError,
        RuntimeError,
    ):
        say({"error": "broken"})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
