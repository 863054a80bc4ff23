"""Tables of recruitment: cases, what is recorded in them, and what a branch plans."""

from .cases import BY_RECORDS, NOT_BY_HAND, Case, CaseMove, CaseState, ClosedReason, ExceptionGrant
from .letters import Carrier, Letter, LetterKind, LetterTrace
from .planning import Batch, BatchKind, Quota
from .records import Ballot, Paper, Sponsor, StepRecord
from .sealed import SealedFile, SealedKind, SealedOpening

__all__ = [
    "BY_RECORDS",
    "Ballot",
    "Batch",
    "BatchKind",
    "Carrier",
    "Case",
    "CaseMove",
    "CaseState",
    "ClosedReason",
    "ExceptionGrant",
    "Letter",
    "LetterKind",
    "LetterTrace",
    "NOT_BY_HAND",
    "Paper",
    "Quota",
    "SealedFile",
    "SealedKind",
    "SealedOpening",
    "Sponsor",
    "StepRecord",
]
