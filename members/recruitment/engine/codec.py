"""Details of a record as JSON and back; the column holds what the dataclass of its kind says, nothing else."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from .details import KINDS, Details


def encode(value: Any) -> Any:
    """Return a details dataclass, or a part of one, as plain JSON data."""
    if is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [encode(part) for part in value]
    return value


def decode(kind: str, data: dict[str, Any]) -> Details:
    """Return the details of ``kind`` from JSON data.

    Raises ``KeyError`` for an unknown kind, ``TypeError`` or ``ValueError`` for data of another shape.
    """
    details: Details = _build(KINDS[kind], data)
    return details


@cache
def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    """Return how each field of a dataclass is read; found once, since cases hold thousands of records."""
    named = get_type_hints(kind)
    return {field.name: _reader(named[field.name]) for field in fields(kind)}


def _build(kind: type, data: dict[str, Any]) -> Any:
    readers = _readers(kind)
    return kind(**{name: readers[name](value) if name in readers else value for name, value in data.items()})


def _reader(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) is UnionType:
        inner = _reader(next(choice for choice in get_args(hint) if choice is not NoneType))
        return lambda value: None if value is None else inner(value)
    if get_origin(hint) is tuple:
        part = _reader(get_args(hint)[0])
        return lambda value: tuple(map(part, value))
    if hint is date:
        return date.fromisoformat
    if is_dataclass(hint):
        return partial(_build, hint)  # type: ignore[arg-type]
    return hint if issubclass(hint, Enum) else _same


def _same(value: Any) -> Any:
    return value
