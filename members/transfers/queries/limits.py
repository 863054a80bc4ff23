"""The limits in force: the edition of the day with what the university has set."""

from collections.abc import Iterable
from datetime import date

from portal.rulesets.editions import edition_on
from portal.rulesets.queries import rules_for

from ..models import RelationPeriod
from ..rules.values import Limits


def limits_on(on: date) -> Limits:
    """Return the limits of day ``on``; one statement."""
    return Limits.of(rules_for(edition_on(on, "relations").code))


def under_limits(rows: Iterable[RelationPeriod], on: date) -> list[RelationPeriod]:
    """Return ``rows`` so that their days follow from the limits of day ``on``; one statement for all."""
    limits, found = limits_on(on), list(rows)
    for row in found:
        row.limits = limits
    return found
