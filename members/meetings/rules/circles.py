"""Who is due at a meeting, who may vote on that day, who observes, who is exempt (domain.md 1.3, 3.3, 5.1).

Facts about people in, seats out; the same function fills the circle, checks the chair and tells a page who will come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.organizations.duties import Post
from portal.organizations.models import BRANCH_TYPES, OrganizationType, Standing
from portal.organizations.queries import COMMITTEE_POSTS

from ..models.attendance import Capacity
from ..models.kinds import MeetingKind

MEMBERS = frozenset({Standing.PROBATIONARY.value, Standing.FULL_MEMBER.value})
# Who listens at meetings of the members: those the branch cultivates (ZB: others may attend without a vote).
OBSERVERS = frozenset({Standing.ACTIVIST.value, Standing.DEVELOPMENT_TARGET.value})
# Relations, dues and votes stay in the home branch (domain.md 1.2).
HAS_NO_VOTE = frozenset({OrganizationType.TEMPORARY_BRANCH.value, OrganizationType.FUNCTIONAL_BRANCH.value})
# Sittings of the leading body; every other kind is of all members of the node.
OF_THE_COMMITTEE = frozenset({MeetingKind.BRANCH_COMMITTEE.value, MeetingKind.DEMOCRATIC_LIFE_MEETING.value})
# Where those who are cultivated listen.
OPEN_TO_OBSERVERS = frozenset(
    {MeetingKind.BRANCH_CONGRESS.value, MeetingKind.PARTY_LECTURE.value, MeetingKind.THEME_PARTY_DAY.value}
)

_K = MeetingKind
_BRANCH = (
    _K.BRANCH_CONGRESS,
    _K.BRANCH_COMMITTEE,
    _K.GROUP_MEETING,
    _K.PARTY_LECTURE,
    _K.THEME_PARTY_DAY,
    _K.ORGANIZATIONAL_LIFE_MEETING,
    _K.DEMOCRATIC_APPRAISAL,
    _K.SECRETARY_REVIEW,
)
_COMMITTEE = (_K.BRANCH_COMMITTEE, _K.PARTY_LECTURE, _K.DEMOCRATIC_LIFE_MEETING, _K.SECRETARY_REVIEW)
_GROUP = (_K.GROUP_MEETING, _K.PARTY_LECTURE, _K.THEME_PARTY_DAY, _K.ORGANIZATIONAL_LIFE_MEETING)


def kinds_for(org_type: str) -> tuple[MeetingKind, ...]:
    """Return the kinds of meeting that an organization of this type holds."""
    if org_type in BRANCH_TYPES:
        return _BRANCH
    if org_type == OrganizationType.GROUP:
        return _GROUP
    if org_type == OrganizationType.GENERAL_BRANCH:
        return (_K.BRANCH_CONGRESS, *_COMMITTEE)
    return _COMMITTEE


class Away(models.TextChoices):
    """Why somebody is not expected, as the record of relations says; it changes nothing in the base of a vote."""

    ABROAD = "abroad", _("abroad")
    LOST = "lost_contact", _("contact lost")


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody on the day of the meeting.

    ``belongs``: to the organization or to what hangs below it. ``posts`` are held on the organization itself;
    ``leads_below`` is secretary of a branch, or leader of a group, under it.
    """

    user_id: int
    standing: str
    belongs: bool = True
    posts: frozenset[str] = frozenset()
    leads_below: bool = False
    exempt_words: str = ""
    excluded_words: str = ""
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """As what somebody sits in a meeting."""

    user_id: int
    standing: str
    capacity: str = Capacity.DUE.value
    may_vote: bool = False
    exempt_words: str = ""
    # Left out of the base of votes (domain.md 3.3).
    excluded_words: str = ""


def seat_in(kind: str, person: Person, *, org_type: str, with_observers: bool = True) -> Seat | None:
    """Return the seat of ``person`` in a meeting of ``kind``, or ``None`` for somebody outside its circle."""
    capacity = _capacity(kind, person, org_type=org_type)
    if capacity is None or (capacity == Capacity.OBSERVER and not with_observers):
        return None
    is_due = capacity == Capacity.DUE
    return Seat(
        user_id=person.user_id,
        standing=person.standing,
        capacity=capacity.value,
        may_vote=is_due and may_vote(person, org_type=org_type),
        exempt_words=person.exempt_words if is_due else "",
        excluded_words=person.excluded_words if is_due else "",
    )


def may_vote(person: Person, *, org_type: str) -> bool:
    """Say whether a member who is due has a vote: full members only, none while it rests (XJ20 5)."""
    return person.standing == Standing.FULL_MEMBER and not person.is_suspended and org_type not in HAS_NO_VOTE


def _capacity(kind: str, person: Person, *, org_type: str) -> Capacity | None:
    is_member = person.standing in MEMBERS
    if kind in OF_THE_COMMITTEE:
        if is_member and person.posts & COMMITTEE_POSTS:
            return Capacity.DUE
        # Group leaders take part as needed (domain.md 5.1).
        leads_group = person.leads_below or Post.GROUP_LEADER in person.posts
        listens = kind == MeetingKind.BRANCH_COMMITTEE and org_type in BRANCH_TYPES and leads_group
        return Capacity.OBSERVER if listens and is_member else None
    if kind == MeetingKind.SECRETARY_REVIEW and org_type not in BRANCH_TYPES:
        reports = person.leads_below or bool(person.posts & COMMITTEE_POSTS)
        return Capacity.DUE if is_member and reports else None
    if not person.belongs:
        return None
    if is_member:
        return Capacity.DUE
    return Capacity.OBSERVER if kind in OPEN_TO_OBSERVERS and person.standing in OBSERVERS else None


def seats_of(
    kinds: Sequence[str], people: Iterable[Person], *, org_type: str, with_observers: bool = True
) -> dict[int, Seat]:
    """Return the circle of a sitting: whoever has a seat in any of its kinds, with the most that any of them gives."""
    found: dict[int, Seat] = {}
    for person in people:
        for kind in kinds:
            seat = seat_in(kind, person, org_type=org_type, with_observers=with_observers)
            if seat is not None:
                found[person.user_id] = _more(found.get(person.user_id), seat)
    return found


def _more(known: Seat | None, seat: Seat) -> Seat:
    if known is None or (known.capacity != Capacity.DUE and seat.capacity == Capacity.DUE):
        return seat
    return replace(known, may_vote=known.may_vote or seat.may_vote)


def may_chair(seat: Seat | None, posts_above: Iterable[str]) -> bool:
    """Say whether somebody may lead or record: a member of the circle, or on the committee here or above."""
    return (seat is not None and seat.standing in MEMBERS) or bool(set(posts_above) & COMMITTEE_POSTS)
