"""What the record of dues says before a letter is written: up to which month nothing is owed."""

from collections.abc import Collection
from datetime import date

from members.dues.months import month_of, shifted
from members.dues.queries.facts import facts_of, rules_on
from members.dues.queries.people import arrears_of

from .sources import DuesSource, dues_sources


def paid_to(members: Collection[int], on: date) -> dict[int, date]:
    """Return the last month before the first one owed, of those whose dues the portal reckons."""
    now = month_of(on)
    rules = rules_on(now)
    facts = facts_of(list(members), shifted(now, -rules.make_up_months), now, rules=rules)
    found = {}
    for key, known in facts.items():
        if known.ledgers and known.standards:
            owed = arrears_of(known, on=on)
            found[key] = shifted(owed[0], -1) if owed else now
    return found


def register() -> None:
    dues_sources.register(DuesSource(code="dues", paid_to=paid_to))
