"""Verbs on meetings."""

from .answering import answer, decide_leave
from .planning import Matter, cancel, convene, edit, fingerprint, plan
from .seating import end_remark, remark_seat, reseat

__all__ = [
    "Matter",
    "answer",
    "cancel",
    "convene",
    "decide_leave",
    "edit",
    "end_remark",
    "fingerprint",
    "plan",
    "remark_seat",
    "reseat",
]
