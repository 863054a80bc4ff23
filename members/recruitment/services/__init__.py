"""Verbs of recruitment. Each locks its case, asks the engine, writes, settles the figures, audits and tells."""

from .cases import close, grant_exception, move_case, open_case, set_quota
from .correcting import annul, correct
from .recording import BatchOutcome, Filed, RecordRefused, record, record_batch, record_training
from .settling import settle_all

__all__ = [
    "BatchOutcome",
    "Filed",
    "RecordRefused",
    "annul",
    "close",
    "correct",
    "grant_exception",
    "move_case",
    "open_case",
    "record",
    "record_batch",
    "record_training",
    "set_quota",
    "settle_all",
]
