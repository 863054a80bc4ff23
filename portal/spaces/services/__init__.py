"""Verbs of the spaces."""

from .stream import Told, readdress, tell, tell_many, untell

__all__ = ["Told", "readdress", "tell", "tell_many", "untell"]
