"""Tables of recruitment: cases, what is recorded in them, and what a branch plans."""

from .cases import BY_RECORDS, Case, CaseMove, CaseState, ClosedReason, ExceptionGrant
from .planning import Batch, BatchKind, Quota
from .records import Ballot, Paper, Sponsor, StepRecord

__all__ = [
    "BY_RECORDS",
    "Ballot",
    "Batch",
    "BatchKind",
    "Case",
    "CaseMove",
    "CaseState",
    "ClosedReason",
    "ExceptionGrant",
    "Paper",
    "Quota",
    "Sponsor",
    "StepRecord",
]
