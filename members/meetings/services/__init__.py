"""Verbs on meetings."""

from .agenda import add_item, edit_item, fingerprint_of_item, move_item, remove_item
from .answering import answer, decide_leave
from .checking_in import CameIn, NotInvited, check_in, come_by_code, send_later
from .entering import enter_held
from .guests import invite_guest, withdraw_guest
from .leading import change_leaders, remove_paper
from .listing import list_workbook
from .planning import Matter, cancel, convene, edit, fingerprint, plan
from .reminding import run_daily
from .roll import (
    admit_observer,
    call_online,
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
from .subscribing import make_feed, note_asked, revoke_feed
from .templates import fingerprint_of_template, propose, save_template, switch_template

__all__ = [
    "CameIn",
    "Matter",
    "NotInvited",
    "add_item",
    "admit_observer",
    "answer",
    "call_online",
    "call_roll",
    "cancel",
    "change_leaders",
    "check_in",
    "close_meeting",
    "come_by_code",
    "confirm_later",
    "convene",
    "decide_leave",
    "edit",
    "edit_item",
    "end_remark",
    "enter_held",
    "fingerprint",
    "fingerprint_of_item",
    "fingerprint_of_template",
    "finish",
    "invite_guest",
    "list_workbook",
    "look_at",
    "make_feed",
    "make_up",
    "move_item",
    "note_asked",
    "note_leaving",
    "note_return",
    "open_meeting",
    "plan",
    "propose",
    "remark_seat",
    "remove_item",
    "remove_paper",
    "reseat",
    "revoke_feed",
    "run_daily",
    "save_template",
    "send_later",
    "switch_template",
    "take_up",
    "undo_check_in",
    "withdraw_guest",
]
