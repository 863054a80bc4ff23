"""Verbs on imports: take a workbook in, check it, confirm, write, undo, clear away.

``work`` is what a worker does with a run; it may be killed anywhere and called again, and goes on where it stopped.
"""

from .applying import confirm
from .checking import choose_columns
from .lifecycle import discard, purge, sweep, work
from .undoing import request_undo
from .uploads import start_import

__all__ = ["choose_columns", "confirm", "discard", "purge", "request_undo", "start_import", "sweep", "work"]
