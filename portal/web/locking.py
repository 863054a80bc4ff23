"""Hold a row until the transaction ends, and read it as it is by then."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def held_row(rows: QuerySet[M], pk: Any, *, no_key: bool = False) -> M:
    """Return the row of ``rows`` with the key ``pk``, held, with whatever ``rows`` bring along beside it.

    Holding and reading are two statements. After waiting for somebody else, PostgreSQL reads the held row anew, but
    not what was joined to it: a row whose foreign key was changed meanwhile would seem to be gone, or to lead nowhere.
    ``no_key`` lets others refer to the row meanwhile. Raises ``DoesNotExist``; needs a transaction.
    """
    alone = rows.model._base_manager.filter(pk=pk).order_by()
    list(alone.select_for_update(no_key=no_key).values_list("pk"))
    return rows.get(pk=pk)
