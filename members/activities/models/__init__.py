"""Tables of activities: what is started and approved, who takes part, what is handed in and how it is judged."""

from .activity import Activity, ApprovalRule, Criterion, Juror
from .kinds import CANCELLABLE, SHOWN, WRITABLE, ActivityKind, EnrolmentState, Mode, Phase, State
from .taking_part import Contribution, Enrolment, Score, Team

__all__ = [
    "ActivityKind", "Activity", "ApprovalRule", "CANCELLABLE", "Contribution", "Criterion", "Enrolment",
    "EnrolmentState", "Juror", "Mode", "Phase", "SHOWN", "Score", "State", "Team", "WRITABLE",
]  # fmt: skip
