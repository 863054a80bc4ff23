"""How many of the heart-to-heart talks of a year each branch has had: one statement, whatever the number of branches.

What a year asks for is what ``members.help.rules.talks.missing_talks`` says; here only the numbers are kept. A whole
university has tens of thousands of people: what was counted for so many branches holds for some minutes.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Left, Length

from members.help.models import HeartTalk
from members.help.rules.talks import TalkKind
from portal.organizations.models import (
    BRANCH_TYPES,
    Affiliation,
    Appointment,
    Organization,
    OrganizationType,
    Standing,
)
from portal.organizations.queries import COMMITTEE_POSTS

from ..engine.evaluate import Talks
from .places import Place

PARTY = (Standing.PROBATIONARY, Standing.FULL_MEMBER)
MANY_NODES, KEPT_SECONDS = 100, 300
_MEMBER, _SEAT, _TALK = "member", "seat", "talk"
Times = Mapping[TalkKind, int]
Tallies = Mapping[tuple[str, int], Talks]


def tallies(place: Place, nodes: int, years: Iterable[int], times: Times, *, on: date) -> Tallies:
    """Return by path of the branch and year how many pairs and people need talks and how many had them.

    One statement, none for some minutes where ``nodes`` are many. A year that has passed is asked as of its last day,
    one that has not begun is left out.
    """
    asked = sorted({year for year in years if year <= on.year})
    if not asked:
        return {}
    if nodes <= MANY_NODES:
        return _counted(place, asked, times, on)
    what = f"{sorted(place.paths)}{place.exact}{asked}{sorted(times.items())}{on}"
    key = f"obligations.talks:{hashlib.sha256(what.encode()).hexdigest()}"
    kept: Tallies | None = cache.get(key)
    if kept is None:
        kept = _counted(place, asked, times, on)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _counted(place: Place, years: list[int], times: Times, on: date) -> dict[tuple[str, int], Talks]:
    one, *others = (rows for year in years for rows in _rows(place, year, min(on, date(year, 12, 31)), on))
    members: dict[tuple[str, int], set[int]] = defaultdict(set)
    seats: dict[tuple[str, int], set[int]] = defaultdict(set)
    talks: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for tag, year, path, first, second in one.union(*others, all=True):
        if tag == _TALK:
            talks[path, year].append((first, second))
        else:
            (members if tag == _MEMBER else seats)[path, year].add(first)
    return {key: tally(people, seats[key] & people, talks[key], times) for key, people in members.items()}


def tally(people: Collection[int], seated: Collection[int], talks: Iterable[tuple[int, int]], times: Times) -> Talks:
    """Count the pairs of the committee, and of the other members those with a talk of both kinds, that had theirs."""
    pairs: Counter[tuple[int, int]] = Counter()
    led: Counter[int] = Counter()
    among: Counter[int] = Counter()
    for first, second in talks:
        if first not in people or second not in people:
            continue
        if first in seated and second in seated:
            pairs[first, second] += 1
        elif first in seated:
            led[second] += 1
        elif second in seated:
            led[first] += 1
        else:
            among.update((first, second))
    ordinary, count = len(people) - len(seated), len(seated)
    wanted = count * (count - 1) // 2 + (ordinary if count else 0) + (ordinary if ordinary > 1 else 0)
    asked = (
        (pairs, times[TalkKind.COMMITTEE_COMMITTEE]),
        (led, times[TalkKind.COMMITTEE_MEMBER]),
        (among, times[TalkKind.MEMBER_MEMBER]),
    )
    return Talks(wanted, sum(had >= often for counted, often in asked for had in counted.values()))


def _rows(place: Place, year: int, day: date, on: date) -> tuple[QuerySet[Any, Any], ...]:
    """Return who is a party member of which branch, who sits on its committee, and who talked with whom."""
    here = Affiliation.objects.filter(until=None) if day == on else Affiliation.objects.on(day)
    above = Left("organization__path", Length("organization__path") - Organization.steplen)
    is_group = Q(organization__org_type=OrganizationType.GROUP)
    branch = Case(When(is_group, then=above), default=F("organization__path"), output_field=CharField())
    here = here.filter(
        place.condition("organization__"),
        standing__in=PARTY,
        user__is_active=True,
        organization__org_type__in=[*sorted(BRANCH_TYPES), OrganizationType.GROUP],
    )
    seats = Appointment.objects.as_of(day).filter(place.condition("organization__"), post__in=sorted(COMMITTEE_POSTS))
    talks = HeartTalk.objects.counting().of_year(year).filter(place.condition("organization__"))
    return (
        _shaped(_MEMBER, year, here, branch, "user_id", "user_id"),
        _shaped(_SEAT, year, seats, F("organization__path"), "user_id", "user_id"),
        _shaped(_TALK, year, talks, F("organization__path"), "first_id", "second_id"),
    )


def _shaped(
    tag: str, year: int, rows: QuerySet[Any], branch: Case | F, one: str, other: str
) -> QuerySet[Any, tuple[str, int, str, int, int]]:
    return rows.order_by().values_list(Value(tag, CharField()), Value(year), branch, F(one), F(other))
