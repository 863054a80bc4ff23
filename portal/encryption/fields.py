"""A text column that the database only ever sees encrypted."""

from typing import Any

from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models

from .crypto import blind_index, decrypt, encrypt

__all__ = ["EncryptedTextField", "blind_index"]


class EncryptedTextField(models.TextField):
    """Text encrypted at rest. ``max_length`` counts the plain text.

    Each write gives a different ciphertext, so the only lookup is ``isnull``; search by a ``blind_index`` column.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if isinstance(value, str) else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted: only isnull can be asked; look up its blind index instead.")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is encrypted: {lookup_name} cannot be asked of it.")
