"""The one door between the engine's details and the column that keeps them: every type and length is checked.

``to_json`` refuses in words what a person entered, ``from_json`` refuses what no service can have written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .engine.codec import decode, encode
from .engine.details import DETAILS, KINDS, Details

LONG, MIDDLE, SHORT = 2000, 500, 120
TEXTS: dict[str, int] = {
    "opinion": LONG,
    "note": LONG,
    "conclusion": LONG,
    "special_reason": MIDDLE,
    "number": 60,
    "certificate": 60,
    "name": 60,
    "led_by": 60,
    "group": 60,
}
# Field: least and greatest whole number; people, hours and days are counted, keys are those of accounts.
NUMBERS: dict[str, tuple[int, int]] = {
    "key": (1, 2**63 - 1),
    "year": (1990, 2200),
    "quarter": (1, 4),
    "likeness": (0, 100),
    "months": (0, 24),
    "hours": (0, 1000),
    "days": (0, 366),
}
COUNT = (0, 30_000)
ITEMS = 60
FIRST_DAY, LAST_DAY = date(1921, 1, 1), date(2200, 12, 31)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def to_json(step: str, details: Details) -> dict[str, Any]:
    """Return ``details`` as the column keeps them.

    Raises ``ValidationError`` by field for a value of another type, too long, or out of range, and ``ValueError`` for
    a kind that does not belong to ``step``.
    """
    if type(details) not in DETAILS.get(step, ()):
        raise ValueError(f"{type(details).__name__} is no record of {step!r}")
    faults: dict[str, list[str]] = {}
    for name, words in _faults(details):
        faults.setdefault(name, []).append(words)
    if faults:
        raise ValidationError(faults)
    data: dict[str, Any] = encode(details)
    return data


def from_json(kind: str, data: Any) -> Details:
    """Return the details that ``to_json`` wrote.

    Raises ``ValueError`` for an unknown kind and for data of another shape: missing or unknown fields, other types.
    """
    if kind not in KINDS:
        raise ValueError(f"no record is of kind {kind!r}")
    if fault := next(_shape_faults(KINDS[kind], data, kind), ""):
        raise ValueError(fault)
    try:
        details = decode(kind, data)
    except (TypeError, KeyError, AttributeError, StopIteration) as error:
        raise ValueError(f"{kind}: {error}") from error
    if found := next(_faults(details), None):
        raise ValueError(f"{kind}.{found[0]}: {found[1]}")
    return details


def _shape_faults(kind: type, data: Any, where: str) -> Iterator[str]:
    """Yield where ``data`` has not exactly the fields of ``kind``; newer fields with a default may be missing."""
    if not isinstance(data, dict):
        yield f"{where} is not an object"
        return
    shapes = _shapes(kind)
    if unknown := sorted(data.keys() - shapes.keys()):
        yield f"{where} has unknown fields: {', '.join(unknown)}"
    for name, value in data.items():
        shape = shapes.get(name)
        if shape is None:
            continue
        if shape.is_many and not isinstance(value, list):
            yield f"{where}.{name} is not a list"
        elif shape.is_nested:
            for part in value if isinstance(value, list) else [value]:
                yield from _shape_faults(shape.item, part, f"{where}.{name}")


@dataclass(frozen=True, slots=True)
class _Shape:
    """What one field holds: ``item`` is the type of its value, or of each of ``is_many``."""

    item: Any
    is_many: bool
    is_nested: bool
    is_optional: bool


@cache
def _shapes(kind: type) -> dict[str, _Shape]:
    """Return the shapes of the fields of a dataclass, in their order; found once, since every read asks."""
    named = get_type_hints(kind)
    return {field.name: _shape(named[field.name]) for field in fields(kind)}


def _shape(hint: Any) -> _Shape:
    is_optional = get_origin(hint) is UnionType
    bare = next(choice for choice in get_args(hint) if choice is not NoneType) if is_optional else hint
    is_many = get_origin(bare) is tuple
    item = get_args(bare)[0] if is_many else bare
    return _Shape(item, is_many, is_dataclass(item), is_optional)


def _faults(value: Any, top: str = "") -> Iterator[tuple[str, str]]:
    """Yield what is wrong in a dataclass, by the name of the outermost field that holds it."""
    kind: Any = type(value)
    for name, shape in _shapes(kind).items():
        part, where = getattr(value, name), top or name
        if part is None and shape.is_optional:
            continue
        if not shape.is_many:
            yield from _part_faults(shape.item, part, name, where)
        elif not isinstance(part, tuple):
            yield where, _("This value has the wrong type.")
        elif len(part) > ITEMS:
            yield where, _("At most %(most)s entries are taken.") % {"most": ITEMS}
        else:
            for item in part:
                yield from _part_faults(shape.item, item, name, where)


def _part_faults(kind: Any, part: Any, name: str, where: str) -> Iterator[tuple[str, str]]:
    # A bool is an int and a datetime a date to isinstance; neither is meant here.
    if type(part) is not kind:
        yield where, _("This value has the wrong type.")
    elif is_dataclass(part):
        yield from _faults(part, where)
    elif isinstance(part, Enum):
        return
    elif isinstance(part, str):
        yield from _text_faults(part, TEXTS.get(name, SHORT), where)
    elif isinstance(part, date) and not FIRST_DAY <= part <= LAST_DAY:
        yield where, _("This day cannot be right.")
    elif isinstance(part, int) and not isinstance(part, bool):
        least, most = NUMBERS.get(name, COUNT)
        if not least <= part <= most:
            yield where, _("Enter a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}


def _text_faults(text: str, limit: int, where: str) -> Iterator[tuple[str, str]]:
    if len(text) > limit:
        yield where, _("At most %(limit)s characters are taken.") % {"limit": limit}
    if _CONTROL.search(text):
        yield where, _("The text holds characters that cannot be printed.")
