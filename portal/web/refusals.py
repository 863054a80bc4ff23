"""How the portal refuses: in words for the person, with a status for the browser."""

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError


class RuleError(ValidationError):
    """Something the rules of the field or the state of a record forbid; carries every reason at once."""


def database_is_away(fault: BaseException | None) -> bool:
    """Say whether ``fault`` means that the database cannot be reached or is too busy, rather than asked wrongly."""
    if isinstance(fault, InterfaceError):
        return True
    # SQLite reports a missing table or column, a fault of ours, with the same class.
    return isinstance(fault, OperationalError) and not str(fault).startswith("no such ")
