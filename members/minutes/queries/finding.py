"""Find minutes by kind, place, day, person and words; who may read is part of the same statement."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from members.meetings.models import CAME, Attendance
from portal.access.policy import policy_of
from portal.access.rights import AnyUser, ancestor_paths, rights_of
from portal.accounts.models import User
from portal.organizations.models import Organization
from portal.search.grams import phrases
from portal.search.services import holds_words, keys_matching

from ..models import Disclosure, Minutes, MinutesState, Readers
from ..policies import MEMBERS, in_office_then, seats_of

ROLES = ("chaired", "recorded", "attended")
# People of one name are few; a name that many bear finds the first of them.
NAMESAKES = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty fields narrow nothing."""

    kind: str = ""
    organization: Organization | None = None
    since: date | None = None
    until: date | None = None
    person: str = ""
    role: str = ""
    words: str = ""
    state: str = ""


def readable(user: AnyUser) -> QuerySet[Minutes]:
    """Return the minutes that ``user`` may view, as ``scope`` does, in a shape whose every part has an index.

    Whoever holds the duty at the top may view nearly all, so that asking row by row ends at the first few. For the
    others the ways to minutes (duty, chair or recorder, circle, disclosure) are found each by its own index and put
    together, because no index serves their OR.
    """
    if not user.is_authenticated:
        return Minutes.objects.none()
    policy, rights = policy_of(Minutes), rights_of(user)
    by_duty = policy.by_duty(user, "view")
    if _sees_nearly_all(user):
        return Minutes.objects.filter(policy.condition(user, "view"))
    ways = [
        Minutes.objects.filter(chair=user.pk),
        Minutes.objects.filter(recorder=user.pk),
        _as_one_asked(user),
    ]
    if by_duty is not None:
        ways.append(Minutes.objects.filter(by_duty))
    places = sorted({path for post in sorted(rights.posts) for path in rights.posts[post]})
    if places:
        ways.append(Minutes.objects.filter(policy.own(user, "confirm")))
    if rights.standing in MEMBERS:
        ways.append(
            Minutes.objects.filter(
                state=MinutesState.SEALED,
                disclosure=Disclosure.FULL,
                organization__in=Organization.objects.filter(path__in=ancestor_paths([rights.organization_path])),
            ).exclude(readers=Readers.KEEPERS)
        )
    first, *rest = (way.order_by().values("pk") for way in ways)
    return Minutes.objects.filter(pk__in=first.union(*rest))


def _sees_nearly_all(user: AnyUser) -> bool:
    duties = rights_of(user).duties
    held = {path for duty in policy_of(Minutes).duties["view"] for path in duties.get(str(duty), ())}
    return any(len(path) == Organization.steplen for path in held)


def _as_one_asked(user: AnyUser) -> QuerySet[Minutes]:
    asked = Minutes.objects.filter(state=MinutesState.SEALED, meeting__in=seats_of(user).values("meeting"))
    return asked.filter(Q(readers=Readers.CIRCLE) | Q(readers=Readers.COMMITTEE) & in_office_then(user))


def found(user: AnyUser, wanted: Wanted) -> QuerySet[Minutes]:
    """Return the minutes that ``user`` may view and that are ``wanted``."""
    rows = readable(user)
    if wanted.words:
        if not (phrases(wanted.words) and user.is_authenticated):
            return Minutes.objects.none()
        if _sees_nearly_all(user):
            rows = rows.filter(pk__in=keys_matching(wanted.words, "minutes"))
        else:
            rows = rows.filter(holds_words(wanted.words, "minutes", "minutes_minutes.id"))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.organization is not None:
        rows = rows.filter(organization__path__startswith=wanted.organization.path)
    if wanted.since:
        rows = rows.filter(held_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(held_on__lte=wanted.until)
    if wanted.state == "open":
        rows = rows.exclude(state=MinutesState.SEALED)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.person:
        rows = rows.filter(_with(wanted.person, wanted.role))
    return rows


def _with(person: str, role: str) -> Q:
    people = list(
        User.objects.filter(Q(number=person) | Q(name=person)).order_by("pk").values_list("pk", flat=True)[:NAMESAKES]
    )
    attended = Attendance.objects.filter(user__in=people, state__in=CAME).values("meeting")
    ways: dict[str, Any] = {
        "chaired": Q(chair__in=people),
        "recorded": Q(recorder__in=people),
        "attended": Q(meeting__in=attended),
    }
    if role in ways:
        return Q(ways[role])
    return Q(ways["chaired"]) | ways["recorded"] | ways["attended"]
