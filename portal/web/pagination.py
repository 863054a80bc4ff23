"""Pages of lists: by number where lists are short, by a cursor of ordered fields where they grow without end."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Page, Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

PER_PAGE_CHOICES = (20, 50, 100)
COUNT_LIMIT = 1000
CURSOR_LIMIT = 1024


def per_page_of(parameters: Mapping[str, str], default: int = PER_PAGE_CHOICES[0]) -> int:
    """Read ``per_page`` of the address; anything but a size on offer means ``default``."""
    wanted = parameters.get("per_page", "")
    return next((size for size in PER_PAGE_CHOICES if str(size) == wanted), default)


def numbered_page(request: HttpRequest, rows: QuerySet | Sequence, per_page: int | None = None) -> Page:
    """Return the page that the address asks for; a bad number gives the first, one too high the last."""
    return Paginator(rows, per_page or per_page_of(request.GET)).get_page(request.GET.get("page"))


class PerPageMixin:
    """A ``ListView`` with pages by number, of a size chosen in the address; a page that is not there is a 404."""

    paginate_by: int = PER_PAGE_CHOICES[0]

    def get_paginate_by(self, queryset: QuerySet) -> int:
        return per_page_of(self.request.GET, self.paginate_by)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class KeysetPage:
    """One page of a long list; ``after`` and ``before`` are the cursors of the pages beside it, empty at the ends."""

    object_list: list[Any]
    per_page: int
    after: str
    before: str
    count: Callable[[int], int]

    def __iter__(self):
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_other_pages(self) -> bool:
        return bool(self.after or self.before)

    @cached_property
    def count_words(self) -> str:
        """Say how many there are in all: one query that never counts past a thousand."""
        if not self.has_other_pages:
            return str(len(self.object_list))
        count = self.count(COUNT_LIMIT + 1)
        return f"{COUNT_LIMIT}+" if count > COUNT_LIMIT else str(count)


class Rows(Protocol):
    """Rows that know a quicker way to their first page than being built (``portal.access.prepared``)."""

    def queryset(self) -> QuerySet: ...

    def first(self, fields: tuple[str, ...], limit: int) -> list[Any]: ...

    def count(self, limit: int) -> int: ...


@dataclass(frozen=True, slots=True)
class _Built:
    """A plain queryset as ``Rows``."""

    rows: QuerySet

    def queryset(self) -> QuerySet:
        return self.rows

    def first(self, fields: tuple[str, ...], limit: int) -> list[Any]:
        return list(self.rows.order_by(*fields)[:limit])

    def count(self, limit: int) -> int:
        return self.rows.order_by()[:limit].count()


class KeysetPaginator:
    """Cut a queryset into pages by the values of its ordered fields, so that page 1 and page 10,000 cost the same.

    ``fields`` name the order as for ``order_by``, end with a unique one, and hold no NULL; annotations are allowed.
    The addresses stay right while rows are added: ``?after=`` and ``?before=`` carry the values of the last row seen.
    """

    def __init__(self, rows: QuerySet | Rows, fields: Sequence[str], per_page: int = PER_PAGE_CHOICES[0]) -> None:
        self.rows: Rows = _Built(rows) if isinstance(rows, QuerySet) else rows
        self.fields = tuple(fields)
        self.per_page = per_page

    def page(self, parameters: Mapping[str, str]) -> KeysetPage:
        """Return the page the address asks for: ``paginator.page(request.GET)``. A broken cursor gives the first."""
        backwards = False
        values = self._values(parameters.get("after", ""))
        if values is None and (values := self._values(parameters.get("before", ""))) is not None:
            backwards = True
        if values is None:
            found = self.rows.first(self.fields, self.per_page + 1)
        else:
            order = (self._turned(name) if backwards else name for name in self.fields)
            rows = self.queryset.order_by(*order).filter(self._beyond(values, backwards))
            found = list(rows[: self.per_page + 1])
        more, found = len(found) > self.per_page, found[: self.per_page]
        if backwards:
            found.reverse()
        if not found and values is not None:
            return self.page({})  # the rows are gone since the address was made
        has_next = more if not backwards else True
        has_previous = more if backwards else values is not None
        return KeysetPage(
            object_list=found,
            per_page=self.per_page,
            after=self._cursor(found[-1]) if has_next and found else "",
            before=self._cursor(found[0]) if has_previous and found else "",
            count=self.rows.count,
        )

    @cached_property
    def queryset(self) -> QuerySet:
        return self.rows.queryset()

    @staticmethod
    def _turned(name: str) -> str:
        return name[1:] if name.startswith("-") else f"-{name}"

    def _beyond(self, values: list[Any], backwards: bool) -> Q:
        """Return the condition for rows after ``values`` in the order, led by a bound that an index can use."""
        names = [name.removeprefix("-") for name in self.fields]
        signs = ["lt" if name.startswith("-") != backwards else "gt" for name in self.fields]
        condition = Q()
        for depth in reversed(range(len(names))):
            step = Q(**{f"{names[depth]}__{signs[depth]}": values[depth]})
            condition = step | Q(**{names[depth]: values[depth]}) & condition if condition else step
        return Q(**{f"{names[0]}__{signs[0]}e": values[0]}) & condition

    def _cursor(self, row: Any) -> str:
        values = [_value(row, name.removeprefix("-")) for name in self.fields]
        text = json.dumps(values, cls=_Exact, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _values(self, cursor: str) -> list[Any] | None:
        """Read a cursor back into values of the fields' types; ``None`` for none or a broken one."""
        if not cursor or len(cursor) > CURSOR_LIMIT:
            return None
        try:
            raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if not isinstance(raw, list) or len(raw) != len(self.fields):
                return None
            pairs = zip(self.fields, raw, strict=True)
            values = [self._field(name.removeprefix("-")).to_python(value) for name, value in pairs]
        except (ValueError, TypeError, binascii.Error, RecursionError, ValidationError, OverflowError):
            return None
        out_of_range = any(
            value is None
            or isinstance(value, int) and abs(value) >= 2**63
            or isinstance(value, str) and "\0" in value
            for value in values
        )
        return None if out_of_range else values

    def _field(self, name: str) -> Field:
        if name in self.queryset.query.annotations:
            return self.queryset.query.annotations[name].output_field
        model, field = self.queryset.model, None
        for part in name.split("__"):
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
            model = field.related_model or model
        if field is None:
            raise FieldDoesNotExist(name)
        return field.target_field if field.is_relation else field


class _Exact(DjangoJSONEncoder):
    """Keep the microseconds of instants, which the order depends on."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row.pk if hasattr(row, "pk") else row


def page_words(page: Page) -> str:
    """Say which part of the list is shown: ``21–40 of 312``."""
    return _("%(start)d–%(end)d of %(count)d") % {
        "start": page.start_index(),
        "end": page.end_index(),
        "count": page.paginator.count,
    }
