"""Who belongs to a node and holds its posts, and its children at a glance."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from portal.access.policy import scope
from portal.access.rights import AnyUser, rights_of
from portal.extensions.registry import Light, space_lights
from portal.organizations.duties import Duty, Post
from portal.organizations.models import Affiliation, Appointment, Organization, Standing
from portal.organizations.queries import secretaries_of

from ..models import StreamEntry


@dataclass(frozen=True, slots=True)
class People:
    """Who holds which post, how many there are of each standing, and, where allowed, who they are."""

    posts: list[Appointment]
    standings: list[tuple[Any, int]]
    rows: QuerySet[Affiliation] | None


def people_of(node: Organization, user: AnyUser, *, on: date) -> People:
    """Return the people of ``node`` as far as ``user`` may know them; two queries, the names one more."""
    posts = posts_of(node, user, on=on)
    if not getattr(node, "may_see_people", False):
        return People(posts, [], None)
    here = Affiliation.objects.filter(organization__path__startswith=node.path, until=None)
    counts = dict(here.order_by().values_list("standing").annotate(people=Count("pk")))
    standings = [(label, counts[code]) for code, label in Standing.choices if counts.get(code)]
    rows = scope(user, "view", Affiliation).filter(pk__in=here.order_by().values("pk"))
    return People(posts, standings, rows.select_related("user", "organization").order_by("user__name", "pk"))


def posts_of(node: Organization, user: AnyUser, *, on: date) -> list[Appointment]:
    """Return who holds which post of ``node`` on a day, in the order of the posts; one query."""
    order = {post.value: number for number, post in enumerate(Post)}
    held = scope(user, "view", Appointment).filter(pk__in=Appointment.objects.as_of(on).values("pk"), organization=node)
    return sorted(held.select_related("user"), key=lambda row: (order.get(row.post, 99), row.since, row.pk))


@dataclass(frozen=True, slots=True)
class Child:
    """A node below at a glance; ``people`` is ``None`` where the reader may not see people."""

    node: Organization
    secretary: str
    people: int | None
    last_at: datetime | None
    lights: list[tuple[Any, Light]]


def below(node: Organization, user: AnyUser, *, on: date) -> list[Child]:
    """Return the children of ``node`` at a glance; a constant number of queries for any number of children."""
    # The latest entry of each comes from the index; ten years of theirs are not read for it.
    newest = scope(user, "view", StreamEntry).filter(organization=OuterRef("pk")).order_by("-at", "-pk")
    children = list(
        scope(user, "view", Organization)
        .filter(path__startswith=node.path, depth=node.depth + 1, closed_on=None)
        .annotate(last_at=Subquery(newest.values("at")[:1]))
        .order_by("path")
    )
    if not children:
        return []
    secretaries = secretaries_of(children, on=on)
    watched = rights_of(user).duties.get(Duty.SEE_PEOPLE, ())
    people: dict[str, int] = {}
    if any(child.path.startswith(watched) for child in children) if watched else False:
        rows = Affiliation.objects.filter(organization__path__startswith=node.path, until=None).order_by()
        for path, number in rows.values_list("organization__path").annotate(people=Count("pk")):
            above = path[: len(node.path) + Organization.steplen]
            people[above] = people.get(above, 0) + number
    lights = [(source.label, source.find(children, user, on)) for source in space_lights]
    return [
        Child(
            node=child,
            secretary=secretaries.get(child.pk, ""),
            people=people.get(child.path, 0) if watched and child.path.startswith(watched) else None,
            last_at=child.last_at,
            lights=[(label, found[child.pk]) for label, found in lights if child.pk in found],
        )
        for child in children
    ]
