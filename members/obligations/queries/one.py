"""One duty of one node."""

from datetime import date

from portal.organizations.models import Organization

from ..engine.evaluate import Obligation
from ..engine.periods import Period
from ..kinds import DUTIES
from .places import Place, year_windows
from .reading import Reading, read


def reading_of(node: Organization, first_year: int, last_year: int | None = None, *, on: date) -> Reading:
    """Return what the duties of one node in some years follow from: three statements."""
    return read(Place((node.path,), exact=True), year_windows(first_year, last_year), on=on)


def obligation_of(node: Organization, kind: str, period: Period, *, on: date) -> Obligation | None:
    """Return a duty of ``node`` in a period, or ``None`` where nothing is owed."""
    if kind not in DUTIES or DUTIES[kind].span is not period.span:
        return None
    return obligation_in_reading(reading_of(node, period.first.year, on=on), node, kind, period)


def obligation_in_reading(reading: Reading, node: Organization, kind: str, period: Period) -> Obligation | None:
    """Return the duty from what was read already."""
    if node.pk not in reading.units or DUTIES[kind].span is not period.span:
        return None
    return next(iter(reading.owed(node, period.first, period.first, [kind])), None)
