"""Verbs of recruitment. Each locks its case, asks the engine, writes, settles the figures, audits and tells."""

from .cases import close, grant_exception, move_case, open_case, set_quota
from .correcting import annul, correct
from .filing import file_paper
from .letters import (
    attach_letter_scan,
    begin_letter,
    hand_in_letter,
    receive_letter,
    remove_letter_scan,
    return_letter,
    withdraw_letter,
)
from .recording import BatchOutcome, Filed, RecordRefused, record, record_batch, record_training, refusals_of
from .sealing import open_sealed, remove_sealed, seal_file
from .settling import settle_all
from .takeover import begin_takeover, take_back, take_over
from .weighing import History, Past

__all__ = [
    "BatchOutcome",
    "Filed",
    "History",
    "Past",
    "RecordRefused",
    "annul",
    "attach_letter_scan",
    "begin_letter",
    "begin_takeover",
    "close",
    "correct",
    "file_paper",
    "grant_exception",
    "hand_in_letter",
    "move_case",
    "open_case",
    "open_sealed",
    "receive_letter",
    "record",
    "record_batch",
    "record_training",
    "refusals_of",
    "remove_letter_scan",
    "remove_sealed",
    "return_letter",
    "seal_file",
    "set_quota",
    "settle_all",
    "take_back",
    "take_over",
    "withdraw_letter",
]
