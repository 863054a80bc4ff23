"""Say at ``migrate`` and ``check --database`` when the key ring does not open what is stored."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from .crypto import prefixes
from .registry import encrypted_columns, stored


@register(Tags.database)
def ring_opens_what_is_stored(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """Report each encrypted column that holds a value written under a key the ring lacks."""
    errors: list[Error] = []
    for alias in databases or ():
        for model, name in encrypted_columns():
            rows = model._base_manager.using(alias).annotate(stored_text=stored(name))
            rows = rows.exclude(stored_text=None).exclude(stored_text="")
            for prefix in prefixes():
                rows = rows.exclude(stored_text__startswith=prefix)
            try:
                locked_out = rows.exists()
            except DatabaseError:  # the table is not there yet: nothing is stored
                continue
            if locked_out:
                errors.append(
                    Error(
                        f"{model._meta.label}.{name} holds values that no key of PORTAL_FIELD_KEYS opens.",
                        hint="Add the key they were written with at the end of PORTAL_FIELD_KEYS.",
                        id="encryption.E001",
                    )
                )
    return errors
