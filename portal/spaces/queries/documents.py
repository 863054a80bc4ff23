"""The documents of a space, by category."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, QuerySet, Value, When

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.organizations.models import Organization

from ..models import SpaceDocument


def documents_of(node: Organization, user: AnyUser, *, category: str | None = None) -> QuerySet[SpaceDocument]:
    """Return the documents of ``node`` by category, those without one last; of one category if wanted."""
    rows = scope(user, "view", SpaceDocument).filter(organization=node).select_related("file")
    if category is not None:
        rows = rows.filter(category=category)
    without = Case(When(category="", then=Value(1)), default=Value(0), output_field=IntegerField())
    return rows.order_by(without, "category", "-kept_at", "-pk")


def in_groups(rows: Iterable[SpaceDocument]) -> list[tuple[str, list[SpaceDocument]]]:
    """Return documents in their order as pairs of category and documents."""
    groups: dict[str, list[SpaceDocument]] = {}
    for row in rows:
        groups.setdefault(row.category, []).append(row)
    return list(groups.items())


def categories_seen(node: Organization, user: AnyUser) -> list[str]:
    """Return the categories among the documents that ``user`` sees, the unnamed one last."""
    rows = scope(user, "view", SpaceDocument).filter(organization=node).order_by("category")
    found = list(rows.values_list("category", flat=True).distinct()[:50])
    return [name for name in found if name] + [name for name in found if not name]


def categories_of(node: Organization) -> list[str]:
    """Return the categories in use, for those who keep documents."""
    rows = SpaceDocument.objects.filter(organization=node).exclude(category="").order_by("category")
    return list(rows.values_list("category", flat=True).distinct()[:50])
