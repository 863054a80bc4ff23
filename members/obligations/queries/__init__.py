"""What nodes owe, read for one or for all of a university; who has been away from organizational life."""

from .places import Place, windows_of, year_windows
from .reading import Reading, read

__all__ = ["Place", "Reading", "read", "windows_of", "year_windows"]
