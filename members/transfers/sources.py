"""What transfers ask of parts that may come later: dues paid, and matters that are still open.

A part registers from its ``ready()``; while nothing is registered, the branch says it by hand when it checks.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from portal.extensions.registry import Registry


@dataclass(frozen=True, slots=True)
class DuesSource:
    """``paid_to(member_ids, on)`` gives the last month paid (any day of it) for those it knows; one query for all."""

    code: str
    paid_to: Callable[[Collection[int], date], Mapping[int, date]]
    order: int = 100


@dataclass(frozen=True, slots=True)
class MatterSource:
    """``find(member_ids, on)`` gives open matters in words, such as a correction period; one query for all."""

    code: str
    find: Callable[[Collection[int], date], Mapping[int, list[str]]]
    order: int = 100


dues_sources: Registry[DuesSource] = Registry()
matter_sources: Registry[MatterSource] = Registry()
