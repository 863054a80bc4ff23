"""Re-encrypt what was written under an older key, so that the older key may leave the ring."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.encryption.crypto import decrypt, prefixes
from portal.encryption.registry import encrypted_columns, stored

BATCH = 500


class Command(BaseCommand):
    help = "Re-encrypt every encrypted field under the first key of PORTAL_FIELD_KEYS. May be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        for model, name in encrypted_columns():
            self.stdout.write(f"{model._meta.label}.{name}: {rotate(model, name)}")


def rotate(model: Any, name: str) -> int:
    """Rewrite the values of one column in batches by primary key; return how many were rewritten.

    A value that someone changed in between is left as they wrote it.
    """
    rows = model._base_manager.annotate(stored_text=stored(name)).exclude(stored_text=None).exclude(stored_text="")
    old = rows.exclude(stored_text__startswith=prefixes()[0]).order_by("pk")
    done, last = 0, None
    while batch := list((old if last is None else old.filter(pk__gt=last)).values_list("pk", "stored_text")[:BATCH]):
        for pk, text in batch:
            done += rows.filter(pk=pk, stored_text=text).update(**{name: decrypt(text)})
        last = batch[-1][0]
    return done
