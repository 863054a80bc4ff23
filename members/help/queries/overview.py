"""Talks and requests of many branches in numbers: who talked about what with whom stays where it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from portal.organizations.models import Affiliation, Appointment, Organization, OrganizationParent
from portal.organizations.models.tree import held_on
from portal.organizations.queries import COMMITTEE_POSTS

from ..models import HeartTalk, HelpRequest
from ..rules.promises import WAITING
from ..rules.talks import Pair, TalkKind, Want, missing_talks, wanted_talks
from .limits import wants_on
from .places import PARTY


@dataclass(frozen=True, slots=True)
class Share:
    """How much of what a year asks for is done; ``wanted`` is 0 where nobody has to have such a talk."""

    done: int
    wanted: int

    @property
    def is_complete(self) -> bool:
        return self.done >= self.wanted


@dataclass(frozen=True, slots=True)
class BranchYear:
    """The year of a branch in numbers: talks by kind in the order of ``TalkKind``, and its requests for help."""

    branch: Organization
    members: int
    shares: tuple[Share, ...]
    asked: int
    waiting: int
    late: int

    @property
    def labelled(self) -> list[tuple[str, Share]]:
        return [(str(kind.label), share) for kind, share in zip(TalkKind, self.shares, strict=True)]

    @property
    def is_complete(self) -> bool:
        return all(share.is_complete for share in self.shares)


def branch_years(branches: Sequence[Organization], year: int, *, on: date) -> list[BranchYear]:
    """Return the year of each branch as of ``on``; five statements for any number of them, for a year gone by six."""
    last = date(year, 12, 31)
    day = min(last, on)
    wants = wants_on(day)
    members = _members(branches, last if last < on else None)
    seats = Appointment.objects.as_of(day).filter(organization__in=branches, post__in=COMMITTEE_POSTS)
    committees: dict[int, set[int]] = defaultdict(set)
    for branch_id, user_id in seats.values_list("organization_id", "user_id"):
        committees[branch_id].add(user_id)
    talks = HeartTalk.objects.of_year(year).counting().filter(organization__in=branches)
    held: dict[int, list[Pair]] = defaultdict(list)
    for branch_id, first, second in talks.values_list("organization_id", "first_id", "second_id"):
        held[branch_id].append((first, second))
    requests = _requests(branches, year, on)
    return [
        BranchYear(
            branch,
            len(members[branch.pk]),
            _shares(committees[branch.pk] & members[branch.pk], members[branch.pk], held[branch.pk], wants),
            *requests.get(branch.pk, (0, 0, 0)),
        )
        for branch in branches
    ]


def _shares(
    committee: set[int], members: set[int], held: Sequence[Pair], wants: Mapping[TalkKind, Want]
) -> tuple[Share, ...]:
    wanted = wanted_talks(committee, members)
    missing = missing_talks(committee, members, held, wants)
    short = {kind: sum(gap.kind == kind for gap in missing) for kind in TalkKind}
    return tuple(Share(wanted[kind] - short[kind], wanted[kind]) for kind in TalkKind)


def _members(branches: Sequence[Organization], past: date | None) -> dict[int, set[int]]:
    """Return the party members of each branch and its groups, today or on a day that has passed."""
    if past is None:
        places = {branch.path: branch.pk for branch in branches}
        step, field, rows = Organization.steplen, "organization__path", Affiliation.objects.filter(until=None)
        there = Q()
    else:
        then = OrganizationParent.objects.on(past).filter(organization__in=branches)
        places = dict(then.values_list("path", "organization_id"))
        step, field, rows = OrganizationParent.STEP, "organization__parents__path", Affiliation.objects.on(past)
        there = held_on(past, "organization__parents__")
    here = Q(pk__in=[])
    for path in places:
        here |= Q(**{f"{field}__startswith": path})
    found: dict[int, set[int]] = defaultdict(set)
    rows = rows.filter(there & here, standing__in=PARTY, user__is_active=True).order_by()
    for path, user_id in rows.values_list(field, "user_id"):
        while path not in places:  # a group belongs to the branch above it
            path = path[:-step]
        found[places[path]].add(user_id)
    return found


def _requests(branches: Sequence[Organization], year: int, on: date) -> dict[int, tuple[int, int, int]]:
    """Return by branch how many requests a year brought, how many of all still wait, and how many are late."""
    waiting = Q(state__in=[state.value for state in WAITING])
    rows = (
        HelpRequest.objects.filter(organization__in=branches)
        .order_by()
        .values("organization_id")
        .annotate(
            asked=Count("pk", filter=Q(asked_on__year=year)),
            open=Count("pk", filter=waiting),
            late=Count("pk", filter=waiting & Q(promised_on__lt=on)),
        )
    )
    numbers = rows.values_list("organization_id", "asked", "open", "late")
    return {pk: (asked, still, late) for pk, asked, still, late in numbers}
