"""Reads of appraisals."""

from .boards import (
    appraisal_of_ballot,
    confirming,
    count_rows,
    held_by,
    own_part,
    party_of,
    people_of,
    results_of,
    seen_by,
)
from .limits import CareRules, care_rules_on

__all__ = [
    "CareRules",
    "appraisal_of_ballot",
    "care_rules_on",
    "confirming",
    "count_rows",
    "held_by",
    "own_part",
    "party_of",
    "people_of",
    "results_of",
    "seen_by",
]
