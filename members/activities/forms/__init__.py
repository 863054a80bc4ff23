"""Forms of activities."""

from .fields import MOMENT
from .plan import ActivityForm
from .steps import (
    ActivityFilterForm,
    AdjustForm,
    AnswerForm,
    AttendanceForm,
    CancelForm,
    ContributionForm,
    EmptyForm,
    EnrolForm,
    FinishForm,
    PicturesForm,
    RuleForm,
    SubmitForm,
    TeamForm,
)

__all__ = [
    "ActivityFilterForm",
    "ActivityForm",
    "AdjustForm",
    "AnswerForm",
    "AttendanceForm",
    "CancelForm",
    "ContributionForm",
    "EmptyForm",
    "EnrolForm",
    "FinishForm",
    "MOMENT",
    "PicturesForm",
    "RuleForm",
    "SubmitForm",
    "TeamForm",
]
