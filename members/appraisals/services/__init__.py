"""Verbs of the appraisal: announce, hand in, go on, decide, report, confirm or return, tell everybody."""

from .deciding import close, confirm, decide, report, return_report
from .reminding import run_daily
from .running import advance, announce, hand_in, refuse_paper

__all__ = [
    "advance",
    "announce",
    "close",
    "confirm",
    "decide",
    "hand_in",
    "refuse_paper",
    "report",
    "return_report",
    "run_daily",
]
