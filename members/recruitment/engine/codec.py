"""Details of a record as JSON and back; the column holds what the dataclass of its kind says, nothing else."""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
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


_HINTS: dict[type, dict[str, Any]] = {}


def _build(kind: type, data: dict[str, Any]) -> Any:
    hints = _HINTS.get(kind)
    if hints is None:
        named = get_type_hints(kind)
        hints = _HINTS[kind] = {field.name: named[field.name] for field in fields(kind)}
    return kind(**{name: _part(hints[name], value) if name in hints else value for name, value in data.items()})


def _part(hint: Any, value: Any) -> Any:
    if get_origin(hint) is UnionType:
        if value is None:
            return None
        hint = next(choice for choice in get_args(hint) if choice is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_part(get_args(hint)[0], item) for item in value)
    if hint is date:
        return date.fromisoformat(value)
    if is_dataclass(hint):
        return _build(hint, value)  # type: ignore[arg-type]
    return hint(value) if issubclass(hint, Enum) else value
