"""What the chair does with votes; each trusts the caller about the right and nobody about the state."""

from .electing import approve_election, hold_again
from .holding import (
    COMING,
    admit_latecomers,
    annul_vote,
    close_vote,
    count_papers,
    create_vote,
    hand_out_papers,
    open_vote,
    take_written,
)
from .recording import record_step

__all__ = [
    "COMING",
    "admit_latecomers",
    "annul_vote",
    "approve_election",
    "close_vote",
    "count_papers",
    "create_vote",
    "hand_out_papers",
    "hold_again",
    "open_vote",
    "record_step",
    "take_written",
]
