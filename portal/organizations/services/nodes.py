"""Verbs on the nodes of the tree: create, describe, move, close."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.web.refusals import RuleError

from ..models import Organization, OrganizationStatus
from ..signals import changed
from .posts import end_posts


@transaction.atomic
def create_organization(*, parent: Organization | None, by: User | None, **fields: Any) -> Organization:
    """Add a node under ``parent`` (``None``: a root); raise ``ValidationError`` when a field does not fit."""
    node = Organization(**fields)
    node.full_clean(exclude=["path", "depth", "numchild"])
    if parent is None:
        created = Organization.objects.add_root(instance=node)
    else:
        created = Organization.objects.add_child(Organization.objects.get(pk=parent.pk), instance=node)
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
def move_organization(node: Organization, *, parent: Organization, by: User) -> Organization:
    """Hang ``node`` with everything below it under ``parent``; raise ``RuleError`` for a move into itself."""
    node = Organization.objects.get(pk=node.pk)
    parent = Organization.objects.get(pk=parent.pk)
    if parent.pk == node.pk or parent.is_descendant_of(node):
        raise RuleError(_("An organization cannot be placed under itself."))
    before = Organization.objects.get_parent(node)
    Organization.objects.move(node, parent, "last-child")
    node = Organization.objects.get(pk=node.pk)
    changed.send(
        Organization,
        verb="organizations.moved",
        instance=node,
        by=by,
        changes={"parent": [str(before or ""), str(parent)]},
    )
    return node


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
