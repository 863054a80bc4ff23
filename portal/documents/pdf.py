"""A sheet as PDF, by typst. The sheet travels as JSON data: nothing in it is ever read as typst source.

The compiler is kept: it looks for fonts once (90 ms), a paper then takes 5 ms.
"""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from .sheets import Sheet, plain

_PLACE = Path(__file__).parent
# The kept compiler holds the inputs of the paper in hand, so one paper is written at a time.
_lock = Lock()


def write_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF file."""
    return _compile(sheet, format="pdf")


def write_pictures(sheet: Sheet, *, ppi: int = 80) -> list[bytes]:
    """Return the sheet as one PNG file for each page."""
    pages = _compile(sheet, format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def _compile(sheet: Sheet, **options: Any) -> Any:
    data = json.dumps(_cleaned(asdict(sheet)), ensure_ascii=False)
    with _lock:
        return _compiler().compile(sys_inputs={"data": data}, **options)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(str(_PLACE / "sheet.typ"), root=str(_PLACE), font_paths=[str(_PLACE / "fonts")])


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {name: _cleaned(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(inner) for inner in value]
    return value
