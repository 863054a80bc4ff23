"""Waive what is due and take it back; say what a lecture was; remind of what is missing."""

from .marks import mark_lecture, unmark_lecture
from .reminding import run_daily
from .waivers import revoke, waive

__all__ = ["mark_lecture", "revoke", "run_daily", "unmark_lecture", "waive"]
