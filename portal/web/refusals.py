"""How the portal refuses: in words for the person, with a status for the browser."""

from django.core.exceptions import ValidationError


class RuleError(ValidationError):
    """Something the rules of the field or the state of a record forbid; carries every reason at once."""
