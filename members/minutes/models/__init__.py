"""Tables of minutes: what was said and decided, what was added later, and who sees to it that it is done."""

from .minutes import (
    KEPT_CLOSE,
    Addendum,
    Chain,
    Disclosure,
    Minutes,
    MinutesState,
    Readers,
)
from .resolutions import Resolution, ResolutionNote, ResolutionState

__all__ = [
    "KEPT_CLOSE",
    "Addendum",
    "Chain",
    "Disclosure",
    "Minutes",
    "MinutesState",
    "Readers",
    "Resolution",
    "ResolutionNote",
    "ResolutionState",
]
