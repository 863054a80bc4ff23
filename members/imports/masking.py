"""How values of staged rows are shown: sensitive ones masked, codes in words."""

from typing import Any

from members.fields import SENSITIVE
from members.models import Member
from portal.encryption.crypto import UndecryptableError, decrypt
from portal.organizations.models import Standing


def shown(code: str, value: Any) -> str:
    """Return a stored value as a person without the right to reveal may read it."""
    if value in (None, ""):
        return ""
    if code in SENSITIVE:
        try:
            return SENSITIVE[code](decrypt(value))
        except UndecryptableError:
            return "****"
    if code == "standing":
        return str(Standing(value).label) if value in Standing.values else str(value)
    if code in ("name", "email"):
        return str(value)
    choices = dict(Member._meta.get_field(code).flatchoices)
    return str(choices.get(value, value))
