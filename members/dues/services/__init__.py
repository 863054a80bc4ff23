"""Verbs of the dues: ledgers, standards, payments and their reversal, reductions, reminders."""

from .ledgers import open_ledgers
from .payments import Line, correct_payment, record_payment, record_payments, record_receipts
from .reductions import approve_reduction, ask_reduction, refuse_reduction
from .reminders import run_daily
from .standards import own_base, reveal_base, set_standard

__all__ = [
    "Line",
    "approve_reduction",
    "ask_reduction",
    "correct_payment",
    "open_ledgers",
    "own_base",
    "record_payment",
    "record_payments",
    "record_receipts",
    "refuse_reduction",
    "reveal_base",
    "run_daily",
    "set_standard",
]
