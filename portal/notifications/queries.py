"""Read notices: their words, how far a sent one has come, whom a circle would reach."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from portal.audiences.services import Circle, people_in
from portal.organizations.models import Affiliation, Organization

from .models import Message, Notice
from .registry import kinds


@dataclass(frozen=True, slots=True)
class Words:
    """A message in one language."""

    title: str
    body: str
    reason: str


def read_out(message: Message) -> Words:
    """Return ``message`` in the active language; a kind that is no longer installed loses its text."""
    kind = kinds.get(message.kind)
    if kind is None:
        return Words(_("A notice of a part that is no longer installed"), "", "")
    return Words(*kind.render(message.params if isinstance(message.params, dict) else {}))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a circle would reach today."""

    people: int
    branches: int
    without_mail: int


def reach_of(circle: Circle) -> Reach:
    """Count the people of ``circle``, the organizations they belong to, and those whom no mail can reach."""
    people = people_in(circle)
    counts = people.aggregate(all=Count("pk"), unmailed=Count("pk", filter=Q(email=None) | Q(email="")))
    places = Affiliation.objects.filter(until=None, user__in=people.values("pk"))
    branches = places.aggregate(count=Count("organization", distinct=True))["count"]
    return Reach(counts["all"], branches, counts["unmailed"])


@dataclass(frozen=True, slots=True)
class NodeReceipts:
    """How many under one node have a message, and how many have read it."""

    organization: Organization | None
    people: int
    read: int
    has_below: bool

    @property
    def percent(self) -> int:
        return self.read * 100 // self.people if self.people else 0


def receipts(message: Message, node: Organization) -> list[NodeReceipts]:
    """Return who has read ``message``, rolled up for ``node`` itself and each of its children; three queries."""
    rows = (
        Affiliation.objects.filter(until=None, organization__path__startswith=node.path, user__notices__message=message)
        .values("organization__path")
        .annotate(people=Count("user__notices__pk"), read=Count("user__notices__read_at"))
    )
    step = Organization.steplen
    people: dict[str, int] = defaultdict(int)
    read: dict[str, int] = defaultdict(int)
    deeper: set[str] = set()
    for row in rows:
        path = row["organization__path"]
        place = path[: len(node.path) + step]
        people[place] += row["people"]
        read[place] += row["read"]
        if path != place:
            deeper.add(place)
    nodes = Organization.objects.filter(path__in=list(people)).order_by("path")
    return [NodeReceipts(found, people[found.path], read[found.path], found.path in deeper) for found in nodes]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many have a message, and how many have read it."""

    people: int = 0
    read: int = 0

    @property
    def percent(self) -> int:
        return self.read * 100 // self.people if self.people else 0


def totals_of(messages: Sequence[Message]) -> dict[int, Totals]:
    """Return the totals of ``messages`` by their ids; one query on the index of each state."""
    rows = Notice.objects.filter(message__in=messages).values("message_id").order_by()
    people = dict(rows.annotate(count=Count("pk")).values_list("message_id", "count"))
    read = dict(rows.filter(read_at__isnull=False).annotate(count=Count("pk")).values_list("message_id", "count"))
    return {message.pk: Totals(people.get(message.pk, 0), read.get(message.pk, 0)) for message in messages}
