"""Verbs that make one node of several, or several of one: people and posts follow on a day, with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.web.refusals import RuleError

from ..models import Affiliation, Appointment, LinkKind, Organization, OrganizationLink, OrganizationStatus
from ..rules import may_merge
from ..signals import changed
from .locking import lock_shape
from .nodes import create_organization, move_organization, moved_since
from .people import move_people
from .posts import end_posts

# The party was founded in 1921; an earlier year is a slip of the keyboard.
_FIRST_YEAR = 1921


@dataclass(frozen=True, slots=True)
class Effects:
    """What a merger or split will do, in numbers: ``posts`` end in a merger, and go on in a split."""

    people: int
    posts: int
    below: int = 0
    staying: int = 0


def merge_effects(nodes: Sequence[Organization], into: Organization, *, on: date) -> Effects:
    """Count what merging ``nodes`` into ``into`` would do; raise ``RuleError`` with all that stands against it."""
    if refusals := _against_merging(nodes, into, on=on):
        raise RuleError(refusals)
    return Effects(
        people=_people_in(nodes).count(),
        posts=Appointment.objects.filter(organization__in=nodes, ended_at=None).count(),
        below=sum(_open_children(node).count() for node in nodes),
    )


@transaction.atomic
def merge_organizations(
    nodes: Iterable[Organization], into: Organization, *, on: date, reason: str, by: User
) -> list[OrganizationLink]:
    """Merge ``nodes`` into ``into`` on a day: people go there from ``on``, posts end the day before, nodes close.

    What lies open below them hangs under ``into`` afterwards. Raises ``RuleError`` with everything that stands
    against it.
    """
    lock_shape()
    wanted = {node.pk for node in nodes} | {into.pk}
    locked = {node.pk: node for node in Organization.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    target = locked.pop(into.pk)
    merged = [locked[pk] for pk in sorted(locked)]
    reason = _reason(reason)
    if refusals := _against_merging(merged, target, on=on, asked=len(wanted) - 1):
        raise RuleError(refusals)
    affiliations = list(_people_in(merged).select_for_update(of=("self",)))
    move_people(affiliations, target, on=on, by=by, reason=reason)
    end_posts(merged, on=on - timedelta(days=1), by=by, reason=reason)
    for node in merged:
        for child in _open_children(node):
            move_organization(child, parent=target, by=by, on=on)
    # The tree's own columns have changed meanwhile: only status and end are written.
    Organization.objects.filter(pk__in=locked).update(status=OrganizationStatus.MERGED, closed_on=on)
    counts = _count_by_node(affiliations)
    links = OrganizationLink.objects.bulk_create(
        OrganizationLink(
            kind=LinkKind.MERGED, earlier=node, later=target, on=on, reason=reason, people=counts.get(node.pk, 0)
        )
        for node in merged
    )
    for node in merged:
        changed.send(
            Organization,
            verb="organizations.merged",
            instance=node,
            by=by,
            changes={"status": [node.status, OrganizationStatus.MERGED], "successor": ["", str(target)]},
            reason=reason,
        )
    return links


def split_effects(node: Organization, *, people: Iterable[int], on: date) -> Effects:
    """Count what splitting ``people`` off from ``node`` would do; raise ``RuleError`` with all that is against it."""
    here, chosen = list(_people_in([node])), set(people)
    if refusals := _against_splitting(node, here, chosen, on=on):
        raise RuleError(refusals)
    kept = Appointment.objects.filter(organization=node, ended_at=None, user_id__in=chosen).count()
    return Effects(people=len(chosen), posts=kept, staying=len(here) - len(chosen))


@transaction.atomic
def split_organization(
    node: Organization, *, people: Iterable[int], on: date, reason: str, by: User, **fields: Any
) -> Organization:
    """Make a new node beside ``node`` and move the users ``people`` there from ``on``; return it.

    ``fields`` describe the new node. Posts stay where they are held. Raises ``ValidationError`` when a field does not
    fit, ``RuleError`` for people who do not belong to ``node`` or when nobody would stay.
    """
    lock_shape()
    node = Organization.objects.select_for_update().get(pk=node.pk)
    reason, chosen = _reason(reason), set(people)
    here = list(_people_in([node]).select_for_update(of=("self",)))
    if refusals := _against_splitting(node, here, chosen, on=on):
        raise RuleError(refusals)
    made = create_organization(parent=Organization.objects.get_parent(node), by=by, **{**fields, "established_on": on})
    moving = [person for person in here if person.user_id in chosen]
    moved = move_people(moving, made, on=on, by=by, reason=reason)
    OrganizationLink.objects.create(kind=LinkKind.SPLIT, earlier=node, later=made, on=on, reason=reason, people=moved)
    changed.send(
        Organization,
        verb="organizations.split",
        instance=made,
        by=by,
        changes={"split_from": ["", str(node)]},
        reason=reason,
    )
    return made


def _people_in(nodes: Sequence[Organization]) -> QuerySet[Affiliation]:
    here = Affiliation.objects.filter(organization__in=nodes, until=None)
    return here.select_related("user", "organization").order_by("pk")


def _open_children(node: Organization) -> QuerySet[Organization]:
    return Organization.objects.below(node).filter(depth=node.depth + 1, closed_on=None)


def _count_by_node(people: Iterable[Affiliation]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for person in people:
        counts[person.organization_id] = counts.get(person.organization_id, 0) + 1
    return counts


def _reason(words: str) -> str:
    if not words.strip():
        raise RuleError({"reason": _("Give the reason.")})
    return words.strip()


def _against_day(nodes: Sequence[Organization], *, on: date) -> list[str]:
    """Return what is wrong with the day and the state of the nodes themselves."""
    refusals = []
    if on > timezone.localdate():
        refusals.append(_("The day cannot lie in the future."))
    if on.year < _FIRST_YEAR:
        refusals.append(_("Check the year."))
    for node in nodes:
        if node.closed_on or node.status != OrganizationStatus.ACTIVE:
            refusals.append(_("%(name)s is not active.") % {"name": node})
        elif node.established_on and node.established_on > on:
            refusals.append(_("%(name)s did not exist on that day.") % {"name": node})
    return refusals


def _against_splitting(node: Organization, here: Sequence[Affiliation], chosen: set[int], *, on: date) -> list[str]:
    """Return everything that stands against the split, in words."""
    refusals = _against_day([node], on=on)
    moving = [person for person in here if person.user_id in chosen]
    if node.is_root():
        refusals.append(_("The topmost organization cannot be split."))
    if not chosen:
        refusals.append(_("Choose the people who go to the new organization."))
    elif len(moving) < len(chosen):
        refusals.append(_("Some of the people chosen no longer belong here. Choose again."))
    elif len(moving) == len(here):
        refusals.append(_("At least one person must stay: otherwise change the name instead."))
    if late := sum(person.since > on for person in moving):
        refusals.append(_("Some people came later than this day (%(count)d). Choose a later one.") % {"count": late})
    return refusals


def _against_merging(
    nodes: Sequence[Organization], into: Organization, *, on: date, asked: int | None = None
) -> list[str]:
    """Return everything that stands against the merger, in words."""
    refusals = _against_day([*nodes, into], on=on)
    if not nodes or (asked is not None and asked > len(nodes)):
        refusals.append(_("Choose what is to be merged."))
    for node in nodes:
        if node.pk == into.pk:
            refusals.append(_("An organization cannot be merged into itself."))
        elif into.path.startswith(node.path):
            refusals.append(_("%(name)s cannot be merged into something below it.") % {"name": node})
        elif not may_merge(node.org_type, into.org_type):
            refusals.append(_("%(name)s is of another kind than %(into)s.") % {"name": node, "into": into})
    if late := _people_in(nodes).filter(since__gt=on).count():
        refusals.append(_("Some people came later than this day (%(count)d). Choose a later one.") % {"count": late})
    if on < timezone.localdate() and moved_since(nodes, into, on=on):
        refusals.append(_("Organizations here were moved after this day. Choose a later one."))
    return refusals
