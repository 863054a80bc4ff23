"""What is done with ballots. Rooms call these and ask their own policies who may."""

from .casting import cast, record_written
from .counting import close_ballot, hand_out, is_intact, record_paper_count
from .preparing import admit_present, annul, create_ballot, open_ballot

__all__ = [
    "admit_present",
    "annul",
    "cast",
    "close_ballot",
    "create_ballot",
    "hand_out",
    "is_intact",
    "open_ballot",
    "record_paper_count",
    "record_written",
]
