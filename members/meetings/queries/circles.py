"""The circle of a meeting on its day, read from affiliations, posts, relations and remarks in a few statements."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.transfers.models import RelationPeriod
from portal.access.policy import scope
from portal.access.rights import ancestor_paths
from portal.accounts.models import User
from portal.organizations.duties import Post
from portal.organizations.models import Affiliation, Appointment, Organization, OrganizationParent, OrganizationType
from portal.organizations.queries import COMMITTEE_POSTS, belonging

from ..models import Attendance, Meeting, MeetingPart, MeetingState, SeatRemark, SeatRemarkKind
from ..rules.circles import MEMBERS, OBSERVERS, Away, Person, Seat, may_chair, seats_of


def day_of(meeting: Meeting) -> date:
    """Return the day on which the meeting is held, in the university's time: standings count as of it."""
    return timezone.localdate(meeting.planned_at)


def people_around(organization: Organization, *, on: date, with_candidates: bool = True) -> list[Person]:
    """Return who belongs to ``organization`` and below, or holds a post there, as they stand on ``on``.

    Five statements for any number of people.
    """
    standings = MEMBERS | OBSERVERS if with_candidates else MEMBERS
    here = dict(belonging(organization, on=on).filter(standing__in=standings).values_list("user_id", "standing"))
    posts: dict[int, set[str]] = {}
    leading: set[int] = set()
    below = OrganizationParent.objects.below(organization, on).values("organization")
    held = Appointment.objects.as_of(on).filter(
        Q(organization=organization)
        | Q(organization__in=below, post=Post.SECRETARY)
        | Q(organization__in=below, organization__org_type=OrganizationType.GROUP, post=Post.GROUP_LEADER)
    )
    for user_id, place, post in held.values_list("user_id", "organization_id", "post"):
        if place == organization.pk:
            posts.setdefault(user_id, set()).add(post)
        else:
            leading.add(user_id)
    guests = (posts.keys() | leading) - here.keys()
    elsewhere = dict(
        Affiliation.objects.on(on).filter(user__in=guests, standing__in=MEMBERS).values_list("user_id", "standing")
    )
    remarks = _remarks(organization, on)
    away = _away([*here, *elsewhere], on)
    return [
        Person(
            user_id=user_id,
            standing=standing,
            belongs=user_id in here,
            posts=frozenset(posts.get(user_id, ())),
            leads_below=user_id in leading,
            exempt_words=remarks.get((user_id, SeatRemarkKind.EXEMPT), "") or away.get(user_id, ""),
            excluded_words=remarks.get((user_id, SeatRemarkKind.NOT_COUNTED), ""),
            is_suspended=(user_id, SeatRemarkKind.NO_VOTE) in remarks,
        )
        for user_id, standing in [*here.items(), *elsewhere.items()]
    ]


def _remarks(organization: Organization, on: date) -> dict[tuple[int, str], str]:
    """Return the remarks that hold here on a day: those of the organization, of what is above and of what is below."""
    above = Q(organization__path__in=ancestor_paths([organization.path]))
    rows = SeatRemark.objects.on(on).filter(above | Q(organization__path__startswith=organization.path))
    return {(user_id, kind): words for user_id, kind, words in rows.values_list("user_id", "kind", "words")}


def _away(user_ids: list[int], on: date) -> dict[int, str]:
    rows = RelationPeriod.objects.filter(since__lte=on, state__in=Away.values).filter(Q(until=None) | Q(until__gt=on))
    known = set(user_ids)
    found = rows.values_list("person__user_id", "state")
    return {user_id: str(Away(state).label) for user_id, state in found if user_id in known}


def seats_on(
    organization: Organization, kinds: Iterable[str], *, on: date, with_observers: bool = True
) -> dict[int, Seat]:
    """Return who would sit in such a meeting held on ``on``, by the key of the account."""
    people = people_around(organization, on=on, with_candidates=with_observers)
    return seats_of(list(kinds), people, org_type=organization.org_type, with_observers=with_observers)


def circle_of(meeting: Meeting) -> dict[int, Seat]:
    """Return the circle of ``meeting`` by what is known now of its day; a convened one keeps it in its attendances."""
    kinds = [part.kind for part in meeting.parts.all()]
    return seats_on(meeting.organization, kinds, on=day_of(meeting), with_observers=meeting.with_observers)


def circle_of_part(part: MeetingPart) -> QuerySet[Attendance]:
    """Return the rows of those who are due in one kind of a sitting: the base for its quorum and its votes.

    In a sitting of one kind these are all who are due; where a committee sits within a congress, its own members.
    """
    rows = Attendance.objects.filter(meeting=part.meeting, capacity="due")
    kinds = list(part.meeting.parts.values_list("kind", flat=True))
    if len(kinds) < 2:
        return rows
    meeting = part.meeting
    seats = seats_on(meeting.organization, [part.kind], on=day_of(meeting), with_observers=False)
    return rows.filter(user__in=list(seats))


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a meeting would call, by name: due with a vote and without, exempt with the reason, observers."""

    voting: list[str]
    without_vote: list[str]
    exempt: list[tuple[str, str]]
    observers: list[str]


def called(seats: Collection[Seat]) -> Called:
    """Return the names behind ``seats``, in their order: one statement."""
    known = User.objects.filter(pk__among=[seat.user_id for seat in seats]).order_by("name", "pk")
    by_key = {seat.user_id: seat for seat in seats}
    rows = [(name, by_key[pk]) for pk, name in known.values_list("pk", "name")]
    due = [(name, seat) for name, seat in rows if seat.capacity == "due"]
    expected = [(name, seat) for name, seat in due if not seat.exempt_words]
    return Called(
        voting=[name for name, seat in expected if seat.may_vote and not seat.excluded_words],
        without_vote=[name for name, seat in expected if not seat.may_vote or seat.excluded_words],
        exempt=[(name, seat.exempt_words) for name, seat in due if seat.exempt_words],
        observers=[name for name, seat in rows if seat.capacity != "due"],
    )


def busy_at(meeting: Meeting, user_ids: Collection[int]) -> int:
    """Count those of ``user_ids`` whom another convened sitting calls at the same time, without leave from it."""
    others = Attendance.objects.filter(
        meeting__state__in=[MeetingState.CONVENED, MeetingState.IN_SESSION], capacity="due", exempt_words="",
        meeting__planned_at__lt=meeting.planned_until, meeting__planned_until__gt=meeting.planned_at,
    ).exclude(meeting=meeting).exclude(leave_state="approved")  # fmt: skip
    return others.filter(user_id__among=list(user_ids)).values("user_id").distinct().count()


def leaders_for(
    organization: Organization, kinds: Iterable[str], *, on: date, recording: bool = False,
    people: list[Person] | None = None,
) -> QuerySet[User]:  # fmt: skip
    """Return the accounts that may chair (or record) such a meeting on ``on``: its members, and committees above.

    Whoever belongs to the organization may record: a committee may have its minutes kept by somebody else. ``people``
    are those of ``people_around`` where they have been read already.
    """
    if people is None:
        people = people_around(organization, on=on, with_candidates=False)
    seats = seats_of(list(kinds), people, org_type=organization.org_type, with_observers=False)
    own = {pk for pk, seat in seats.items() if may_chair(seat, ())}
    if recording:
        own |= {person.user_id for person in people if person.belongs and person.standing in MEMBERS}
    above = ancestor_paths([organization.path])
    held = Appointment.objects.as_of(on).filter(organization__path__in=above, post__in=sorted(COMMITTEE_POSTS))
    allowed = Q(pk__in=own) | Q(pk__in=held.values("user_id"))
    return User.objects.filter(allowed, is_active=True).order_by("name", "pk")


def named(words: str, *, by: User) -> list[User]:
    """Return the people whom a number or a name means: anybody by the whole number, by name those whom ``by`` sees."""
    active = User.objects.filter(is_active=True)
    if found := list(active.filter(number=words)[:1]):
        return found
    return list(scope(by, "view", User).filter(name=words, is_active=True).order_by("number")[:6])


def seated(organization: Organization, kinds: Iterable[str], *, on: date, without: User) -> QuerySet[User]:
    """Return the accounts that are due at such meetings on ``on``, without one."""
    seats = seats_on(organization, kinds, on=on, with_observers=False)
    return User.objects.filter(pk__in=list(seats)).exclude(pk=without.pk).order_by("name", "pk")
