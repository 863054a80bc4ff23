"""Tables of minutes: what was said and decided, what was added later, and who sees to it that it is done."""

from .minutes import (
    KEPT_CLOSE,
    WRITTEN_OF,
    Addendum,
    Chain,
    Disclosure,
    Minutes,
    MinutesState,
    Readers,
)
from .resolutions import Resolution, ResolutionNote, ResolutionState
from .volumes import UNDER_WAY, BoundVolume, VolumeFailure, VolumeState

__all__ = [
    "KEPT_CLOSE",
    "UNDER_WAY",
    "WRITTEN_OF",
    "Addendum",
    "BoundVolume",
    "Chain",
    "Disclosure",
    "Minutes",
    "MinutesState",
    "Readers",
    "Resolution",
    "ResolutionNote",
    "ResolutionState",
    "VolumeFailure",
    "VolumeState",
]
