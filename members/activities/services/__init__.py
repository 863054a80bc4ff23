"""What is done with activities, in the order people live it."""

from .approving import approve, return_, set_rule
from .contests import close_scores, close_vote, contribute, open_vote, score
from .enrolling import close_enrolment, enrol, reopen_enrolment, withdraw
from .holding import add_pictures, attendance_workbook, finish, record_attendance, remove_picture
from .planning import Details, adjust, cancel, change_activity, discard_draft, start_activity, submit
from .reminding import remind

__all__ = [
    "Details", "add_pictures", "adjust", "approve", "attendance_workbook", "cancel", "change_activity",
    "close_enrolment", "close_scores", "close_vote", "contribute", "discard_draft", "enrol", "finish", "open_vote",
    "record_attendance", "remind", "remove_picture", "reopen_enrolment", "return_", "score", "set_rule",
    "start_activity", "submit", "withdraw",
]  # fmt: skip
