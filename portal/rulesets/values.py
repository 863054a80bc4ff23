"""Rule sets as data: values with their article, editions of them, and the three layers merged.

Pure: no database, no clock. Every amount is a whole number in its unit (money in fen, a share as ``amount`` of ``of``),
so that nothing is rounded before a rule says how. What the layers are: domain.md 0.3.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Unit(StrEnum):
    """What an amount counts."""

    DAYS = "days"
    WORKDAYS = "workdays"
    MONTHS = "months"
    YEARS = "years"
    AGE = "age"  # full years of life
    HOURS = "hours"
    PEOPLE = "people"
    TIMES = "times"
    COUNT = "count"
    SHARE = "share"  # amount / of
    FEN = "fen"
    SWITCH = "switch"  # 0 off, 1 on
    CHOICE = "choice"  # place in ``choices``


class Bound(StrEnum):
    """Which way a setting may leave the value it stands beside."""

    FLOOR = "floor"  # may only be raised
    CEILING = "ceiling"  # may only be lowered
    FIXED = "fixed"  # may not be changed
    FREE = "free"  # nothing national binds it


class Mark(StrEnum):
    """How well a value is evidenced (domain.md 0.1)."""

    SOURCED = "S"
    SECOND_HAND = "S2"
    PRACTICE = "P"
    UNVERIFIED = "U"


class Layer(StrEnum):
    """Where an effective amount comes from."""

    NATIONAL = "national"
    UNIVERSITY = "university"


class Flaw(StrEnum):
    """Why an amount cannot be set."""

    LOOSENS = "loosens"
    FIXED = "fixed"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an edition: ``article`` is ``KEY number`` (see ``articles``), empty where nothing national says it.

    ``least`` and ``most`` are what makes sense at all; ``of`` is the whole of a share, ``strict`` asks for more than
    the share rather than for at least it; ``choices`` are the codes of a choice. The names
    of codes are in ``words``.
    """

    code: str
    amount: int
    unit: Unit
    article: str
    mark: Mark
    bound: Bound
    least: int = 0
    most: int = 1000
    of: int = 1
    strict: bool = False
    choices: tuple[str, ...] = ()

    def flaw_of(self, amount: int) -> Flaw | None:
        """Say why ``amount`` may not stand in place of this value, or ``None``."""
        if amount == self.amount:
            return None
        if self.bound is Bound.FIXED:
            return Flaw.FIXED
        least, most = self.range
        if self.bound is Bound.FLOOR and amount < least or self.bound is Bound.CEILING and amount > most:
            return Flaw.LOOSENS
        return None if least <= amount <= most else Flaw.OUT_OF_RANGE

    @property
    def range(self) -> tuple[int, int]:
        """Return the least and the greatest amount that may be set."""
        if self.bound is Bound.FIXED:
            return self.amount, self.amount
        if self.unit is Unit.SWITCH:
            least, most = 0, 1
        elif self.unit is Unit.CHOICE:
            least, most = 0, len(self.choices) - 1
        else:
            least, most = self.least, self.most
        if self.bound is Bound.FLOOR:
            return self.amount, most
        if self.bound is Bound.CEILING:
            return least, self.amount
        return least, most


@dataclass(frozen=True, slots=True)
class Rule:
    """A value as it holds at one place: its amount, the layer this comes from, and the branch's habit beside it."""

    value: Value
    amount: int
    layer: Layer
    habit: int | None = None  # advice only; never looser than ``amount``
    words: str = ""  # why the university set it

    @property
    def code(self) -> str:
        return self.value.code

    @property
    def article(self) -> str:
        return self.value.article

    @property
    def share(self) -> Fraction:
        return Fraction(self.amount, self.value.of)

    @property
    def is_on(self) -> bool:
        return self.amount == 1

    @property
    def choice(self) -> str:
        """Return the code of the choice in force."""
        return self.value.choices[self.amount]


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated edition of a regulation; what began under it stays under it."""

    code: str
    regulation: str  # the family whose editions follow each other
    effective_from: date
    effective_to: date | None
    values: tuple[Value, ...]
    steps: tuple[str, ...] = ()  # codes of the steps, in their order

    def __post_init__(self) -> None:
        codes = [value.code for value in self.values]
        if len(codes) != len(set(codes)):
            raise ValueError(f"edition {self.code} names a value twice")

    def value(self, code: str) -> Value | None:
        """Return the value ``code`` of this edition, or ``None`` where the edition knows none."""
        return next((value for value in self.values if value.code == code), None)

    def holds_on(self, day: date) -> bool:
        """Say whether what begins on ``day`` begins under this edition."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one edition at one place; ``rules["congress.after_pre_review"].amount``."""

    edition: Edition
    rules: Mapping[str, Rule] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Rule:
        return self.rules[code]

    def __contains__(self, code: object) -> bool:
        return code in self.rules

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def get(self, code: str) -> Rule | None:
        """Return the rule ``code``, or ``None`` where this edition does not know it."""
        return self.rules.get(code)

    def amount(self, code: str) -> int:
        """Return the amount in force; raises ``KeyError`` where this edition does not know ``code``."""
        return self.rules[code].amount

    def is_on(self, code: str) -> bool:
        """Say whether a switch is on; one that the edition does not know is off."""
        rule = self.rules.get(code)
        return rule is not None and rule.is_on


def merge(
    edition: Edition,
    university: Mapping[str, int] | None = None,
    habits: Mapping[str, int] | None = None,
    words: Mapping[str, str] | None = None,
) -> RuleSet:
    """Lay the university's settings over the national values, and the branch's habits beside them.

    An amount that would loosen what stands above it is left out: the law holds even where a row says otherwise.
    """
    university, habits, words = university or {}, habits or {}, words or {}
    rules = {}
    for value in edition.values:
        amount, layer, why = value.amount, Layer.NATIONAL, ""
        if value.code in university and value.flaw_of(university[value.code]) is None:
            amount, layer, why = university[value.code], Layer.UNIVERSITY, words.get(value.code, "")
        habit = habits.get(value.code)
        if habit is not None and (habit == amount or not may_stand_beside(value, amount, habit)):
            habit = None
        rules[value.code] = Rule(value=value, amount=amount, layer=layer, habit=habit, words=why)
    return RuleSet(edition=edition, rules=rules)


def may_stand_beside(value: Value, amount: int, habit: int) -> bool:
    """Say whether a branch may have the habit ``habit`` where ``amount`` is in force."""
    if value.flaw_of(habit) is not None or value.bound is Bound.FIXED:
        return False
    if value.bound is Bound.FLOOR:
        return habit >= amount
    if value.bound is Bound.CEILING:
        return habit <= amount
    return True


def edition_on(editions: Iterable[Edition], day: date) -> Edition:
    """Return the one of ``editions`` under which something begins on ``day``; the oldest for days before all."""
    ordered = sorted(editions, key=lambda edition: edition.effective_from)
    return next((edition for edition in reversed(ordered) if edition.effective_from <= day), ordered[0])
