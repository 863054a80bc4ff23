"""Fills the facts of any paper from their types, so that a new paper or field is tested without being listed."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import count
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

# Fields that one paper or another leaves out: a head of a form has no room for all that is known of a person.
NOT_ON_EVERY_PAPER = {"Identity"}
_SIGNS = "甲乙丙丁戊己庚辛壬癸"


class Filler:
    """Makes facts; ``said`` keeps each text that must be found again on the paper."""

    def __init__(self, wrap: Callable[[str], str] = str, rows: int = 2) -> None:
        self.wrap, self.rows = wrap, rows
        self.said: list[str] = []
        self._numbers = count(1)

    def fill(self, kind: Any) -> Any:
        hints = get_type_hints(kind)
        return kind(**{field.name: self.value(hints[field.name], kind, field.name) for field in fields(kind)})

    def value(self, hint: Any, owner: type, name: str) -> Any:
        if get_origin(hint) is UnionType:
            hint = get_args(hint)[0]
        if get_origin(hint) is tuple:
            rows, self.rows = self.rows, 2
            return tuple(self.value(get_args(hint)[0], owner, name) for _ in range(rows))
        if hint is str:
            mark = self._mark()
            if owner.__name__ not in NOT_ON_EVERY_PAPER or name == "name":
                self.said.append(mark)
            return self.wrap(mark)
        if hint is date:
            return date(2024, 1, 31) + timedelta(days=next(self._numbers))
        if hint is bool:
            return False
        if hint is int:
            return next(self._numbers)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return next(iter(hint))
        assert is_dataclass(hint), (owner, name, hint)
        return self.fill(hint)

    def _mark(self) -> str:
        return "※" + "".join(_SIGNS[int(digit)] for digit in f"{next(self._numbers):04}")
