"""Verbs on the nodes of the tree: create, describe, move, close."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.web.refusals import RuleError

from ..models import Organization, OrganizationParent, OrganizationStatus
from ..signals import changed
from .locking import lock_open, lock_shape
from .posts import end_posts


@transaction.atomic
def create_organization(*, parent: Organization | None, by: User | None, **fields: Any) -> Organization:
    """Add a node under ``parent`` (``None``: a root); raise ``ValidationError`` when a field does not fit.

    Raises ``RuleError`` for an open node under a closed one.
    """
    node = Organization(**fields)
    node.full_clean(exclude=["path", "depth", "numchild"])
    lock_shape()
    if parent is not None and node.closed_on is None:
        lock_open(parent, on=timezone.localdate())
    if parent is None:
        created = Organization.objects.add_root(instance=node)
    else:
        created = Organization.objects.add_child(Organization.objects.get(pk=parent.pk), instance=node)
    above = "" if parent is None else OrganizationParent.objects.get(organization=parent, until=None).path
    OrganizationParent.objects.create(
        organization=created, parent=parent, path=OrganizationParent.path_below(above, created.pk)
    )
    changed.send(
        Organization, verb="organizations.created", instance=created, by=by, changes={"name": ["", created.name]}
    )
    return created


@transaction.atomic
def update_organization(node: Organization, *, by: User, **fields: Any) -> Organization:
    """Change the description of ``node``; its place, status and end have verbs of their own.

    Raises ``ValidationError`` when a field does not fit.
    """
    node = Organization.objects.select_for_update().get(pk=node.pk)
    before = {name: getattr(node, name) for name in fields}
    differing = {name: value for name, value in fields.items() if value != before[name]}
    if not differing:
        return node
    for name, value in differing.items():
        setattr(node, name, value)
    node.full_clean(exclude=["path", "depth", "numchild"])
    node.save(update_fields=list(differing))
    changed.send(
        Organization,
        verb="organizations.changed",
        instance=node,
        by=by,
        changes={name: [before[name], value] for name, value in differing.items()},
    )
    return node


@transaction.atomic
def move_organization(node: Organization, *, parent: Organization, by: User, on: date | None = None) -> Organization:
    """Hang ``node`` with everything below it under ``parent`` from ``on`` (today); earlier days keep the earlier tree.

    Moving it to where it hangs changes nothing. Raises ``RuleError`` for a move into itself, for a day to come, and
    for one before the last change of the tree around it.
    """
    today = timezone.localdate()
    on = on or today
    lock_shape()
    node = Organization.objects.get(pk=node.pk)
    parent = Organization.objects.get(pk=parent.pk)
    if parent.pk == node.pk or parent.is_descendant_of(node):
        raise RuleError(_("An organization cannot be placed under itself."))
    before = Organization.objects.get_parent(node)
    if before == parent:
        return node
    if on > today:
        raise RuleError(_("The day cannot lie in the future."))
    if node.closed_on is None:
        lock_open(parent, on=today)
    if on < today and moved_since([node], parent, on=on):
        raise RuleError(_("Organizations here were moved after this day. Choose a later one."))
    Organization.objects.move(node, parent, "last-child")
    node = Organization.objects.get(pk=node.pk)
    _date_move(node, parent, on=on)
    changed.send(
        Organization,
        verb="organizations.moved",
        instance=node,
        by=by,
        changes={"parent": [str(before or ""), str(parent)]},
    )
    return node


def moved_since(nodes: Iterable[Organization], into: Organization, *, on: date) -> bool:
    """Say whether ``nodes`` or ``into`` moved after ``on``, or anything that was below ``nodes`` left it since.

    A change is dated back only over days on which these parts of the tree stood as they stand today.
    """
    rows, nodes = OrganizationParent.objects.all(), list(nodes)
    left = Q(organization__in=[into, *nodes], since__gt=on)
    for path in rows.filter(organization__in=nodes, until=None).values_list("path", flat=True):
        left |= Q(path__startswith=path, until__gte=on)
    return rows.filter(left).exists()


def _date_move(node: Organization, parent: Organization, *, on: date) -> None:
    """Close the rows of ``node`` and all below it the day before ``on``, and open those of the new place."""
    rows = OrganizationParent.objects.filter(until=None)
    earlier = rows.get(organization=node).path
    later = OrganizationParent.path_below(rows.get(organization=parent).path, node.pk)
    moved = rows.filter(path__startswith=earlier)
    # What came on the very day never was in the earlier place: its row is corrected instead of ended.
    begun = list(moved.filter(since__gte=on).values_list("pk", flat=True))
    ended = list(moved.exclude(pk__in=begun).values_list("pk", "organization_id", "parent_id", "path"))
    OrganizationParent.objects.filter(pk__in=begun).update(path=Concat(Value(later), Substr("path", len(earlier) + 1)))
    OrganizationParent.objects.filter(pk__in=[pk for pk, *_rest in ended]).update(until=on - timedelta(days=1))
    OrganizationParent.objects.bulk_create(
        (
            OrganizationParent(organization_id=pk, parent_id=above, path=later + path[len(earlier) :], since=on)
            for _pk, pk, above, path in ended
        ),
        batch_size=500,
    )
    rows.filter(organization=node).update(parent=parent)


@transaction.atomic
def close_organization(node: Organization, *, status: str, on: date, by: User) -> Organization:
    """Merge or dissolve ``node`` on a day; raise ``RuleError`` while people or open nodes still stand in it."""
    node = Organization.objects.select_for_update().get(pk=node.pk)
    if Organization.objects.get_descendants(node).filter(status=OrganizationStatus.ACTIVE).exists():
        raise RuleError(_("Close the organizations below it first."))
    if node.affiliations.filter(until=None).exists():
        raise RuleError(_("People still belong here: place them elsewhere first."))
    before = node.status
    node.status, node.closed_on = status, on
    node.full_clean(exclude=["path", "depth", "numchild"])
    node.save(update_fields=["status", "closed_on"])
    end_posts([node], on=on, by=by)
    changed.send(Organization, verb="organizations.closed", instance=node, by=by, changes={"status": [before, status]})
    return node
