"""Reads on people: the list in one's scope, as of a day, and what one page shows of one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from portal.access.policy import policy_of, scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.encryption.crypto import blind_index
from portal.extensions.registry import TimelineEntry, timeline_sources
from portal.organizations.models import Affiliation, Organization, Standing
from portal.organizations.queries import belonging

from . import rules
from .codes import PersonKind
from .fields import GROUPS, SENSITIVE
from .models import Member

_LISTED = ("pk", "user__number", "user__name", "person_kind", "standing", "standing_since", "organization_id")


def people_for(user: AnyUser, *, action: str = "view", on: date | None = None) -> QuerySet[Member]:
    """Return the people ``user`` may ``action``, with ``place``, ``stood`` and ``stood_since`` as of ``on``.

    Those who hold a duty for it see the people of their nodes, others themselves. With a day the affiliation of that
    day decides who is in the list, so it also holds people who have left since.
    """
    if on is None:
        held = policy_of(Member).by_duty(user, action)
        people = scope(user, action, Member) if held is None else Member.objects.filter(held)
        return people.annotate(
            place=Coalesce(NullIf("organization__short_name", Value("")), "organization__name"),
            stood=F("standing"),
            stood_since=F("standing_since"),
        )
    here = scope(user, action, Affiliation).on(on).filter(user=OuterRef("user"))
    return Member.objects.filter(Exists(here)).annotate(
        place=Subquery(
            here.values(name=Coalesce(NullIf("organization__short_name", Value("")), "organization__name"))[:1]
        ),
        stood=Subquery(here.values("standing")[:1]),
        stood_since=Subquery(here.values("since")[:1]),
    )


def filtered(
    people: QuerySet[Member],
    *,
    organization: Organization | None = None,
    standing: str = "",
    kind: str = "",
    words: str = "",
    on: date | None = None,
) -> QuerySet[Member]:
    """Narrow a list of people; ``words`` is part of a name, the beginning of a number, or a whole sensitive number."""
    if organization is not None and on is None:
        people = people.filter(organization__path__startswith=organization.path)
    elif organization is not None and on is not None:
        people = people.filter(Exists(belonging(organization, on=on).filter(user=OuterRef("user"))))
    if standing:
        people = people.filter(stood=standing)
    if kind:
        people = people.filter(person_kind=kind)
    if words:
        found = Q(user__name__icontains=words) | Q(user__number__istartswith=words)
        if rules.is_mobile(rules.clean_mobile(words)):
            found |= Q(mobile_index=blind_index(rules.clean_mobile(words)))
        elif len(rules.clean_id_no(words)) == 18:
            found |= Q(id_no_index=blind_index(rules.clean_id_no(words)))
        people = people.filter(found)
    return people


def listed(people: QuerySet[Member]) -> QuerySet[Member]:
    """Bring only what a row shows: no encrypted column is read."""
    return people.select_related("user").only(*_LISTED, "user__language")


def everybody(user: AnyUser) -> QuerySet[Member]:
    """Return the people ``user`` may view today, as a list shows them."""
    return listed(people_for(user))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, ready to be drawn."""

    pk: int
    number: str
    name: str
    place: str
    standing: str
    since: date | None
    kind: str


def as_rows(people: Iterable[Member]) -> list[Row]:
    """Return what the lines of a list or of an export say; ``people`` come from ``listed``."""
    standings = {code: str(label) for code, label in Standing.choices}
    kinds = {code: str(label) for code, label in PersonKind.choices}
    return [
        Row(
            person.pk,
            person.user.number,
            person.user.name,
            person.place or "",
            standings.get(person.stood, ""),
            person.stood_since,
            kinds.get(person.person_kind, ""),
        )
        for person in people
    ]


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of the archive as a page shows it; ``hidden`` tells that there is more behind the mask."""

    name: str
    label: Any
    value: Any
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class FactGroup:
    code: str
    label: Any
    facts: tuple[Fact, ...]


def archive_of(member: Member) -> list[FactGroup]:
    """Return the archive in groups, sensitive fields masked, empty fields left out."""
    groups = []
    for group in GROUPS:
        facts = [_fact(member, name) for name in group.fields if getattr(member, name) not in ("", None)]
        groups.append(FactGroup(group.code, group.label, tuple(facts)))
    return groups


def _fact(member: Member, name: str) -> Fact:
    field, value = Member._meta.get_field(name), getattr(member, name)
    if name in SENSITIVE:
        return Fact(name, field.verbose_name, SENSITIVE[name](value), hidden=True)
    if field.choices:
        value = member._get_FIELD_display(field)
    return Fact(name, field.verbose_name, value)


def timeline_of(person: User, reader: AnyUser, *, limit: int = 50) -> list[TimelineEntry]:
    """Return what every room knows of a person and ``reader`` may know, newest first."""
    entries = chain.from_iterable(source.find(person, reader, limit) for source in timeline_sources)
    return sorted(entries, key=lambda entry: entry.on, reverse=True)[:limit]
