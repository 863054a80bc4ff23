"""What the rules answer: refusals, gaps, findings and the position made of them. Codes for tests, words for people."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise

from .people import Role, Standing
from .steps import Stage

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """Words with their numbers and names."""

    words: Promise
    params: Params = field(default_factory=dict, compare=False, hash=False)

    def __str__(self) -> str:
        return str(self.words) % self.params


@dataclass(frozen=True, slots=True)
class Refusal(Said):
    """Why a record may not be written: the rule by its code and article, and from when it would no longer forbid.

    Only a ``liftable`` one falls before an exception of the superior that names its code.
    """

    code: str = ""
    step: str = ""
    article: str = ""
    liftable: bool = False
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Gap(Said):
    """One thing that is missing. ``kind`` is the record or paper that would close it; ``is_advice`` is mere custom."""

    code: str = ""
    step: str = ""
    kind: str = ""
    article: str = ""
    actor: Role = Role.BRANCH
    earliest: date | None = None
    due: date | None = None
    overdue_since: date | None = None
    is_advice: bool = False


@dataclass(frozen=True, slots=True)
class Finding(Said):
    """A contradiction in the file; ``is_advice`` asks for a look rather than for a correction."""

    code: str = ""
    step: str = ""
    article: str = ""
    on: date | None = None
    is_advice: bool = False


@dataclass(frozen=True, slots=True)
class Permitted:
    """A record that may be written now."""

    step: str
    kind: str
    actor: Role
    earliest: date | None = None
    due: date | None = None
    warnings: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that may not be written now, with every reason; ``earliest`` where only time forbids it."""

    step: str
    kind: str
    article: str
    reasons: tuple[Refusal, ...]
    earliest: date | None = None

    @property
    def arithmetic(self) -> tuple[str, ...]:
        """Return the reasons with their numbers, as sentences."""
        return tuple(str(reason) for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a case stands on a day.

    ``step`` is the first that is not complete (``None`` once archived or ended), ``earliest`` and ``due`` are its days.
    ``ready_on`` is the day from which cultivation is long enough, until the branch proposes the person;
    ``probation_ends_on`` the day of the conversion, until it is approved.
    ``standing_since`` may lie before the day it was approved: membership begins with the congress (DJ 24).
    """

    stage: Stage
    step: str | None
    standing: Standing
    standing_since: date | None
    done: tuple[str, ...]
    gaps: tuple[Gap, ...]
    may: tuple[Permitted, ...]
    may_not: tuple[Refused, ...]
    findings: tuple[Finding, ...]
    earliest: date | None
    due: date | None
    is_ended: bool = False
    ready_on: date | None = None
    probation_ends_on: date | None = None

    @property
    def waits_for(self) -> frozenset[Role]:
        """Return who may now record something binding that is missing; nobody where only time is wanting."""
        may = {(item.step, item.kind) for item in self.may}
        return frozenset(gap.actor for gap in self.gaps if not gap.is_advice and (gap.step, gap.kind) in may)

    @property
    def overdue_since(self) -> date | None:
        """Return the earliest day since when something binding is overdue."""
        return min((gap.overdue_since for gap in self.gaps if gap.overdue_since and not gap.is_advice), default=None)
