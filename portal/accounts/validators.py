"""Password rules beyond Django's own: an upper bound, and the character classes that graded protection asks for."""

import string

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongestLengthValidator:
    """Refuse passwords so long that hashing them would only burn time."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return ngettext(
            "Your password must contain at most %(count)d character.",
            "Your password must contain at most %(count)d characters.",
            self.max_length,
        ) % {"count": self.max_length}


class CharacterClassesValidator:
    """Ask for three of the four classes: capitals, small letters, digits, other signs (GB/T 22239-2019, level 3)."""

    def __init__(self, classes: int = 3) -> None:
        self.classes = classes

    def validate(self, password: str, user: object = None) -> None:
        known = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
        found = sum(any(sign in group for sign in password) for group in known)
        found += any(not any(sign in group for group in known) for sign in password)
        if found < self.classes:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("Your password must mix at least three of: capital letters, small letters, digits, other signs.")
