"""What is done with activities, in the order people live it."""

from .approving import approve, return_, set_rule
from .attendance import CORRECTABLE, attendance_workbook, record_attendance, sign_of
from .changing import adjust, cancel, discard_draft
from .contests import close_scores, close_vote, contribute, open_vote, score
from .enrolling import change_team, close_enrolment, enrol, reopen_enrolment, withdraw
from .holding import add_pictures, finish, remove_picture
from .planning import Details, change_activity, start_activity, submit
from .reminding import remind

__all__ = [
    "CORRECTABLE", "Details", "add_pictures", "adjust", "approve", "attendance_workbook", "cancel", "change_activity",
    "change_team", "close_enrolment", "close_scores", "close_vote", "contribute", "discard_draft", "enrol", "finish",
    "open_vote", "record_attendance", "remind", "remove_picture", "reopen_enrolment", "return_", "score", "set_rule",
    "sign_of", "start_activity", "submit", "withdraw",
]  # fmt: skip
