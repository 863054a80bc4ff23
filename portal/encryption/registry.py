"""Which columns of which models are encrypted."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model, TextField
from django.db.models.functions import Cast

from .fields import EncryptedTextField


def encrypted_columns() -> Iterator[tuple[type[Model], str]]:
    """Yield every model with the name of each of its encrypted fields."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField) and field.model is model:
                yield model, field.name


def stored(name: str) -> Cast:
    """Return the expression for the value of field ``name`` as it lies in the database."""
    return Cast(name, TextField())
