"""Find minutes by kind, place, day, person and words; who may read is part of the same statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString

from members.meetings.models import CAME, Attendance
from portal.access.policy import policy_of
from portal.access.rights import AnyUser, ancestor_paths, rights_of
from portal.accounts.models import User
from portal.organizations.models import Organization
from portal.search.grams import fold, phrases
from portal.search.models import SearchEntry
from portal.search.services import excerpt, holds_words, keys_matching, share_holding

from ..models import Disclosure, Minutes, MinutesState, Readers
from ..policies import MEMBERS, committee_places, in_office_then, seats_of

ROLES = ("chaired", "recorded", "attended")
# People of one name are few; a name that many bear finds the first of them.
NAMESAKES = 50
# From this share of all texts on a word is frequent: to gather it from the index first would gather too much.
FREQUENT = 0.05


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
    others the ways to minutes are found each by its own index and put together, because no index serves their OR.
    """
    if not user.is_authenticated:
        return Minutes.objects.none()
    if _depth(user) == 1:
        return Minutes.objects.filter(policy_of(Minutes).condition(user, "view"))
    return Minutes.objects.filter(pk__in=_keys(user))


def _keys(user: AnyUser) -> QuerySet[Any, Any]:
    """Return the keys of the minutes that ``user`` may view: duty, chair or recorder, circle, committee, disclosure."""
    policy, rights = policy_of(Minutes), rights_of(user)
    ways = [
        Minutes.objects.filter(chair=user.pk),
        Minutes.objects.filter(recorder=user.pk),
        _as_one_asked(user),
    ]
    if (by_duty := policy.by_duty(user, "view")) is not None:
        ways.append(Minutes.objects.filter(by_duty))
    if places := committee_places(user):
        ways.append(
            Minutes.objects.filter(chair=F("recorder"), organization__in=Organization.objects.filter(path__in=places))
        )
    if rights.standing in MEMBERS:
        ways.append(
            Minutes.objects.filter(
                state=MinutesState.SEALED,
                disclosure=Disclosure.FULL,
                organization__in=Organization.objects.filter(path__in=ancestor_paths([rights.organization_path])),
            ).exclude(readers=Readers.KEEPERS)
        )
    first, *rest = (way.order_by().values(key=F("pk")) for way in ways)
    return first.union(*rest)


def _depth(user: AnyUser) -> int:
    """Return how far below the top the highest duty of ``user`` lies: 1 is the top itself, 0 stands for no duty."""
    duties = rights_of(user).duties
    held = {path for duty in policy_of(Minutes).duties["view"] for path in duties.get(str(duty), ())}
    return min((len(path) // Organization.steplen for path in held), default=0)


def _as_one_asked(user: AnyUser) -> QuerySet[Minutes]:
    asked = Minutes.objects.filter(state=MinutesState.SEALED, meeting__in=seats_of(user).values("meeting"))
    return asked.filter(Q(readers=Readers.CIRCLE) | Q(readers=Readers.COMMITTEE) & in_office_then(user))


def _holding(user: AnyUser, words: str) -> QuerySet[Minutes]:
    """Return the readable minutes that hold every word, in the way that is short for this word and this reader.

    Of a seldom word the index names the few texts, and who may read them is asked of those. A word that stands in many
    texts is looked for in what the reader may read: by a committee in its order until a page is full, by others in all
    of the little that it is.
    """
    if not (phrases(words) and user.is_authenticated):
        return Minutes.objects.none()
    row_by_row = Minutes.objects.filter(policy_of(Minutes).condition(user, "view"))
    if share_holding(words) < FREQUENT:
        return row_by_row.filter(pk__in=keys_matching(words, "minutes"))
    if _depth(user) in (1, 2):
        return row_by_row.filter(holds_words(words, "minutes", "minutes_minutes.id"))
    holds = holds_words(words, "minutes", "mine.key")
    assert holds is not None
    mine, given = _keys(user).query.sql_with_params()
    text = f"SELECT mine.key FROM ({mine}) AS mine WHERE ({holds.sql})"  # noqa: S608 - compiled by the ORM
    return Minutes.objects.filter(pk__in=RawSQL(text, (*given, *holds.params)))  # noqa: S611 - as above


def found(user: AnyUser, wanted: Wanted) -> QuerySet[Minutes]:
    """Return the minutes that ``user`` may view and that are ``wanted``."""
    rows = _holding(user, wanted.words) if wanted.words else readable(user)
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
        rows = rows.filter(pk__in=_with(wanted.person, wanted.role))
    return rows


def _with(person: str, role: str) -> QuerySet[Any, Any]:
    """Return the keys of the minutes in which somebody of that name or number had the role, each by its own index."""
    people = list(
        User.objects.filter(Q(number=person) | Q(name=person)).order_by("pk").values_list("pk", flat=True)[:NAMESAKES]
    )
    attended = Attendance.objects.filter(user__in=people, state__in=CAME).values("meeting")
    ways = {
        "chaired": Minutes.objects.filter(chair__in=people),
        "recorded": Minutes.objects.filter(recorder__in=people),
        "attended": Minutes.objects.filter(meeting__in=attended),
    }
    keys = {name: way.order_by().values(key=F("pk")) for name, way in ways.items()}
    return keys[role] if role in keys else keys["chaired"].union(keys["recorded"], keys["attended"])


def excerpts(rows: Iterable[Minutes], words: str) -> dict[int, SafeString]:
    """Return, for minutes that were found by ``words``, where the words stand, marked, by their keys: one statement."""
    needles = [needle for needle in fold(words).split() if needle]
    keys = [row.pk for row in rows]
    if not (needles and keys):
        return {}
    texts: dict[int, str] = {}
    entries = SearchEntry.objects.filter(source="minutes", object_id__in=keys).order_by("object_id", "part")
    for key, text in entries.values_list("object_id", "text"):
        # A long text has several parts: the first that holds a word is shown.
        if key not in texts or not any(needle in texts[key].casefold() for needle in needles):
            texts[key] = text
    return {key: excerpt(text, needles) for key, text in texts.items()}
