"""Reads of a space, all through the policies."""

from .documents import categories_of, categories_seen, documents_of, in_groups
from .people import Child, People, below, people_of
from .rooms import FIRST_YEAR, CalendarDay, Group, Month, links_of, month_from, month_of, records_of, tabs_of, year_from
from .stream import (
    NEW_AT_ONCE,
    Around,
    Shown,
    around,
    node_for,
    own_space,
    pictures_of,
    place_of_reply,
    recently,
    replies_of,
    shown,
    since,
    stream_of,
)

__all__ = [
    "Around",
    "CalendarDay",
    "Child",
    "FIRST_YEAR",
    "Group",
    "Month",
    "NEW_AT_ONCE",
    "People",
    "Shown",
    "around",
    "below",
    "categories_of",
    "categories_seen",
    "documents_of",
    "in_groups",
    "links_of",
    "month_from",
    "month_of",
    "node_for",
    "own_space",
    "people_of",
    "pictures_of",
    "place_of_reply",
    "recently",
    "records_of",
    "replies_of",
    "shown",
    "since",
    "stream_of",
    "tabs_of",
    "year_from",
]
