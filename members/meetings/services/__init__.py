"""Verbs on meetings."""

from .answering import answer, decide_leave
from .checking_in import CameIn, NotInvited, check_in, come_by_code, send_later
from .planning import Matter, cancel, convene, edit, fingerprint, plan
from .roll import (
    admit_observer,
    call_roll,
    confirm_later,
    look_at,
    make_up,
    note_leaving,
    note_return,
    undo_check_in,
)
from .seating import end_remark, remark_seat, reseat
from .sitting import close_meeting, finish, open_meeting, take_up

__all__ = [
    "CameIn",
    "Matter",
    "NotInvited",
    "admit_observer",
    "answer",
    "call_roll",
    "cancel",
    "check_in",
    "close_meeting",
    "come_by_code",
    "confirm_later",
    "convene",
    "decide_leave",
    "edit",
    "end_remark",
    "fingerprint",
    "finish",
    "look_at",
    "make_up",
    "note_leaving",
    "note_return",
    "open_meeting",
    "plan",
    "remark_seat",
    "reseat",
    "send_later",
    "take_up",
    "undo_check_in",
]
