"""Verbs of the appraisal: announce, hold in a meeting, hand in, go on, decide, report, confirm or return, tell all."""

from .changing import call_off, change_days
from .deciding import close, confirm, decide, report, return_report
from .gathering import admit_latecomers, choose_by_itself, hold_in, hold_without, refuse_while_open
from .reminding import run_daily
from .running import advance, announce, hand_in, refuse_paper

__all__ = [
    "admit_latecomers",
    "advance",
    "announce",
    "call_off",
    "change_days",
    "choose_by_itself",
    "close",
    "confirm",
    "decide",
    "hand_in",
    "hold_in",
    "hold_without",
    "refuse_paper",
    "refuse_while_open",
    "report",
    "return_report",
    "run_daily",
]
