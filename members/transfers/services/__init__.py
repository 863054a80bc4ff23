"""Verbs of transfers: ask, check, issue, hand over, receive, accept, reject, expire, issue again, withdraw; batches."""

from .arrivals import register_arrival, renew_arrival
from .batches import BatchLine, issue_batch, start_batch
from .relations import begin_relation, end_relation, record_contact
from .reminders import run_daily
from .requests import ask_move, ask_transfer_out
from .steps import accept, check, expire, hand_over, issue, receive, record_print, reissue, reject, send, withdraw

__all__ = [
    "BatchLine",
    "accept",
    "ask_move",
    "ask_transfer_out",
    "begin_relation",
    "check",
    "end_relation",
    "expire",
    "hand_over",
    "issue",
    "issue_batch",
    "receive",
    "record_contact",
    "record_print",
    "register_arrival",
    "reissue",
    "reject",
    "renew_arrival",
    "run_daily",
    "send",
    "start_batch",
    "withdraw",
]
