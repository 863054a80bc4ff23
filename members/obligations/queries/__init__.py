"""What nodes owe, read for one or for all of a university; who has been away from organizational life."""

from .reading import Place, Reading, read, windows_of, year_windows

__all__ = ["Place", "Reading", "read", "windows_of", "year_windows"]
