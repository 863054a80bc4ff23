"""How many of the heart-to-heart talks of a year each branch has had: one statement for all, counted by the database.

What is asked for is what ``members.help.rules.talks.missing_talks`` says; here only numbers leave the database, because
a university has tens of thousands of people and its board wants one figure for each branch.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import IntegerField
from django.db.models.functions import Coalesce, Left, Length
from django.db.models.lookups import Exact, GreaterThanOrEqual

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
Times = Mapping[TalkKind, int]
_COLUMNS = ("tally_year", "tally_branch", "people", "seated", "with_committee", "with_member", "pairs")


def tallies(place: Place, years: Iterable[int], times: Times, *, on: date) -> dict[tuple[str, int], Talks]:
    """Return by path of the branch and year how many pairs and people need talks and how many had them.

    One statement; a year that has passed is asked as of its last day, one that has not begun is left out.
    """
    rows: list[QuerySet[Any, Any]] = []
    for year in sorted({year for year in years if year <= on.year}):
        rows += [_people(place, year, times, on), _pairs(place, year, times[TalkKind.COMMITTEE_COMMITTEE], on)]
    if not rows:
        return {}
    found: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0] * 5)
    for year, path, *numbers in rows[0].union(*rows[1:], all=True):
        found[path, year] = [one + more for one, more in zip(found[path, year], numbers, strict=True)]
    return {key: _tally(*numbers) for key, numbers in found.items()}


def _tally(people: int, seated: int, with_committee: int, with_member: int, pairs: int) -> Talks:
    """Add up what is asked for: pairs of the committee, and for each other member a talk of both kinds."""
    ordinary = people - seated
    done = pairs + (with_committee if seated else 0) + (with_member if ordinary > 1 else 0)
    wanted = seated * (seated - 1) // 2 + (ordinary if seated else 0) + (ordinary if ordinary > 1 else 0)
    return Talks(wanted, done)


def _party(year: int, on: date) -> QuerySet[Any]:
    """Return who is a party member where, with the path of the branch as ``branch``."""
    last = date(year, 12, 31)
    rows = Affiliation.objects.on(last) if last < on else Affiliation.objects.filter(until=None)
    above = Left("organization__path", Length("organization__path") - Organization.steplen)
    is_group = Q(organization__org_type=OrganizationType.GROUP)
    return rows.filter(
        standing__in=PARTY,
        user__is_active=True,
        organization__org_type__in=[*sorted(BRANCH_TYPES), OrganizationType.GROUP],
    ).annotate(branch=Case(When(is_group, then=above), default=F("organization__path"), output_field=CharField()))


def _seated(person: str, branch: str, year: int, on: date) -> Exists:
    day = min(on, date(year, 12, 31))
    held = Appointment.objects.as_of(day).filter(post__in=sorted(COMMITTEE_POSTS))
    return Exists(held.filter(user=OuterRef(person), organization__path=OuterRef(branch)))


def _talks(year: int, on: date) -> QuerySet[HeartTalk]:
    """Return the talks of a year that count, with whether each of the two sits on the committee, or is a member."""
    rows = HeartTalk.objects.counting().of_year(year).order_by()
    marks: dict[str, Any] = {}
    for person in ("first", "second"):
        here = _party(year, on).filter(user=OuterRef(person), branch=OuterRef("organization__path"))
        seat = _seated(person, "organization__path", year, on)
        marks |= {
            f"{person}_leads": Case(
                When(~Exists(here), then=Value(-1)), When(seat, then=Value(1)), default=Value(0),
                output_field=IntegerField(),
            )
        }  # fmt: skip
    return rows.annotate(**marks)


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(of_all=Value(1)).values("of_all").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def _had(talks: QuerySet[HeartTalk], leads: int, wanted: int) -> Q:
    """Return the condition that a member had so many talks with those of the committee, or with the others."""
    there = talks.filter(organization__path=OuterRef("branch"))
    sides = (
        there.filter(first=OuterRef("user"), second_leads=leads),
        there.filter(second=OuterRef("user"), first_leads=leads),
    )
    if wanted <= 1:
        return Q(Exists(sides[0])) | Q(Exists(sides[1]))
    return Q(GreaterThanOrEqual(_number(sides[0]) + _number(sides[1]), wanted))


def _people(place: Place, year: int, times: Times, on: date) -> QuerySet[Any, Any]:
    """Count the members of each branch, and of those not on its committee who had their talks."""
    talks, ordinary = _talks(year, on), Q(leads=False)
    people = _party(year, on).filter(place.condition("organization__"))
    return (
        people.annotate(leads=_seated("user", "branch", year, on), tally_year=Value(year), tally_branch=F("branch"))
        .order_by()
        .values("tally_year", "tally_branch")
        .annotate(
            people=Count("pk"),
            seated=Count("pk", filter=Q(leads=True)),
            with_committee=Count("pk", filter=ordinary & _had(talks, 1, times[TalkKind.COMMITTEE_MEMBER])),
            with_member=Count("pk", filter=ordinary & _had(talks, 0, times[TalkKind.MEMBER_MEMBER])),
            pairs=Value(0),
        )
        .values_list(*_COLUMNS)
    )


def _pairs(place: Place, year: int, times: int, on: date) -> QuerySet[Any, Any]:
    """Count the pairs of the committee of each branch that had their talks: by the talk that completed them."""
    both = _talks(year, on).filter(place.condition("organization__"), first_leads=1, second_leads=1)
    same = {name: OuterRef(name) for name in ("organization", "first", "second")}
    earlier = HeartTalk.objects.counting().of_year(year).filter(pk__lt=OuterRef("pk"), **same)
    completes = ~Exists(earlier) if times <= 1 else Exact(_number(earlier), times - 1)
    nothing = {name: Value(0) for name in _COLUMNS[2:-1]}
    return (
        both.filter(completes)
        .annotate(tally_year=Value(year), tally_branch=F("organization__path"))
        .order_by()
        .values("tally_year", "tally_branch")
        .annotate(**nothing, pairs=Count("pk"))
        .values_list(*_COLUMNS)
    )
