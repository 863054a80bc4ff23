"""The statements of a reading, prepared where they ask for the few nodes of one person: each workbench asks them."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from portal.organizations.models import Organization
from portal.web.prepared import ask

from ..engine.periods import Span
from .facts import facts_of
from .places import Place, Windows, owing_nodes

# With more nodes than these a statement of its own is built; nobody's own nodes are so many.
MOST_NODES = 8


def nodes_at(place: Place, first: date, last: date) -> Iterable[Organization]:
    """Return ``owing_nodes``."""
    if place.exact and len(place.paths) == 1:
        return ask(_owing_at, first, last, path=place.paths[0])
    return owing_nodes(place, first, last)


def _owing_at(first: date, last: date, *, path: str) -> QuerySet[Organization]:
    return owing_nodes(Place((path,), exact=True), first, last)


def facts_at(
    place: Place, windows: Windows, first: date, kinds: Collection[str], on: date
) -> Iterable[tuple[Any, ...]]:
    """Return ``facts_of``."""
    keys = place.keys or ()
    if not 0 < len(keys) <= MOST_NODES:
        return facts_of(place, windows, first, kinds, on)
    given = {f"node_{number}": key for number, key in enumerate(keys)}
    return ask(_facts_among, tuple(windows.items()), first, tuple(kinds), on, **given)


def _facts_among(
    windows: tuple[tuple[Span, tuple[date, date]], ...], first: date, kinds: tuple[str, ...], on: date, **nodes: int
) -> QuerySet[Any, tuple[Any, ...]]:
    return facts_of(Place((), keys=tuple(nodes.values())), dict(windows), first, kinds, on)
