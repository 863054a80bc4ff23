"""What the addresses of the dues name: a node, a month, a year."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404

from portal.access.rights import AnyUser
from portal.organizations.models import Organization

from ..months import from_text, month_of
from ..queries.tables import nodes_of

FIRST_YEAR, LAST_YEAR = 1990, 2200


def node_of(user: AnyUser, parameters: Mapping[str, str]) -> Organization:
    """Return the organization that the address names, or the first whose dues the reader keeps.

    Raises ``Http404`` for one that is not the reader's, ``PermissionDenied`` for whoever keeps no dues.
    """
    nodes = nodes_of(user)
    wanted = parameters.get("organization", "")
    if wanted:
        found = nodes.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
        if found is None:
            raise Http404
        return found
    found = nodes.order_by("path").first()
    if found is None:
        raise PermissionDenied
    return found


def month_in(parameters: Mapping[str, str], on: date) -> date:
    """Return the month that the address names; this month for anything that is none."""
    month = from_text(parameters.get("month", ""))
    return month if month and FIRST_YEAR <= month.year <= LAST_YEAR else month_of(on)


def year_in(parameters: Mapping[str, str], on: date) -> int:
    """Return the year that the address names; this year for anything that is none."""
    text = parameters.get("year", "")
    if text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    return on.year
