"""What is done with minutes and resolutions."""

from .drafting import ask_to_write, begin, facts_now
from .following import change, close, note, remind
from .sealing import add, confirm, seat, shown, take_back
from .writing import WrittenOver, add_files, remove_file, resolve, strike, write

__all__ = [
    "WrittenOver",
    "add",
    "add_files",
    "ask_to_write",
    "begin",
    "change",
    "close",
    "confirm",
    "facts_now",
    "note",
    "remind",
    "remove_file",
    "resolve",
    "seat",
    "shown",
    "strike",
    "take_back",
    "write",
]
