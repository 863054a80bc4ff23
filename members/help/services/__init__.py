"""Verbs of talks and requests: plan, hold, confirm, drop; ask, assign, say, close, reopen, look; the daily round."""

from .reminders import run_daily
from .requests import ask_help, assign, close, look, reopen, say
from .talks import arrange_talk, confirm_talk, drop_talk, plan_talk, plan_year, record_talk

__all__ = [
    "arrange_talk",
    "ask_help",
    "assign",
    "close",
    "confirm_talk",
    "drop_talk",
    "look",
    "plan_talk",
    "plan_year",
    "record_talk",
    "reopen",
    "run_daily",
    "say",
]
