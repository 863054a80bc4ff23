"""What the schedule does each morning (domain.md 3.7, ``org_life_missing`` and ``absent_streak``).

Each notice has a key that follows from the data: a day run twice, or a day late, tells nobody twice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from portal.notifications.posting import Posting, post_many
from portal.organizations.models import Organization

from .. import notices
from ..engine.evaluate import Obligation, Status
from ..engine.periods import Period, Span
from ..engine.reminding import ESCALATED_FROM, mark_of, reminded_between, week_of
from ..kinds import DUTIES
from ..queries.absences import absences
from ..queries.places import Place, windows_of
from ..queries.reading import Reading, read
from ..queries.told import Offices, People, offices_of

EVERYWHERE = Place(("",))
Told = dict[tuple[Organization, date, str], list[Obligation]]


def run_daily(on: date) -> None:
    """Tell what is due and what was missed, and who has been away."""
    first, last = reminded_between(on)
    reading = read(EVERYWHERE, windows_of(first, last), on=on)
    offices = offices_of([node.path for node in reading.nodes], on)
    post_many([*_of_duties(reading, offices, on), *_of_absences(reading, offices, on)])


def _of_duties(reading: Reading, offices: Offices, on: date) -> Iterator[Posting]:
    told = _told(reading, on)
    missed: dict[tuple[str, date, int], Counter[int]] = defaultdict(Counter)
    watching: dict[str, People] = {}
    for (node, day, mark), owed in told.items():
        week = week_of(mark)
        if week is None or week == 0:
            kind = notices.MISSING if week is None else notices.MISSED
            yield Posting(
                kind.code,
                f"org_life:{node.pk}:{day.isoformat()}:{mark}",
                offices.keepers(node.path),
                {"branch": str(node), "day": day.isoformat(), "kinds": ",".join(row.kind for row in owed)},
                _address(node.pk, day, ""),
            )
        if week is not None:
            for path, people in offices.superiors(node.path)[: 2 if week >= ESCALATED_FROM else 1]:
                missed[path, day, week][node.pk] += len(owed)
                watching[path] = people
    for (path, day, week), below in missed.items():
        (key, name), counts = offices.nodes[path], {"count": sum(below.values()), "branches": len(below)}
        yield Posting(
            notices.ALARM.code,
            f"org_life_alarm:{key}:{day.isoformat()}:{week}",
            watching[path],
            {"node": name, "day": day.isoformat(), **counts},
            _address(key, day, Status.OVERDUE),
        )


def _told(reading: Reading, on: date) -> Told:
    """Return what is told of on a day: by node, last day and mark."""
    before = reading.rules.remind_before
    first, last = reminded_between(on)
    found: Told = defaultdict(list)
    for node in reading.nodes:
        for owed in reading.owed(node, first, last, DUTIES):
            if first <= owed.due_on <= last and (mark := mark_of(owed, on, before)):
                found[node, owed.due_on, mark].append(owed)
    return found


def _address(node: int, day: date, status: str) -> str:
    query: dict[str, str | int] = {"node": node, "month": Period.of(Span.MONTH, day).code}
    if status:
        query["status"] = str(status)
    return f"{reverse('members:obligations:board')}?{urlencode(query)}"


def _of_absences(reading: Reading, offices: Offices, on: date) -> Iterator[Posting]:
    """Tell the officers of each branch, and nobody above, how many have been away; without a name."""
    months = tuple(sorted(reading.ruleset.amount(code) for code in ("life.absent_first", "life.absent_second")))
    counts = Counter((row.branch, row.months) for row in absences(EVERYWHERE, on=on, months=(months[0], months[1])))
    nodes = {node.path: node for node in reading.nodes}
    for (path, reached), count in sorted(counts.items()):
        if path not in nodes:
            continue
        node = nodes[path]
        yield Posting(
            notices.ABSENT.code,
            f"absent_streak:{node.pk}:{reached}:{on:%Y-%m}",
            offices.keepers(path, only_here=True),
            {"branch": str(node), "count": count, "months": reached},
            reverse("members:obligations:absence-list", args=[node.pk]),
        )
