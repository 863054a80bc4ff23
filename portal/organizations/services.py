"""Verbs on the tree: create and move nodes, affiliate people, appoint and dismiss."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.web.refusals import RuleError

from . import signals
from .duties import POST_DUTIES, Post
from .models import (
    Affiliation,
    Appointment,
    AppointmentMode,
    Organization,
    OrganizationStatus,
    OrganizationUserObjectPermission,
)


@transaction.atomic
def create_organization(*, parent: Organization | None, by: User | None, **fields) -> Organization:
    """Add a node under ``parent`` (``None``: a root); raise ``ValidationError`` when a field does not fit."""
    node = Organization(**fields)
    node.full_clean(exclude=["path", "depth", "numchild"])
    if parent is None:
        created = Organization.objects.add_root(instance=node)
    else:
        created = Organization.objects.add_child(Organization.objects.get(pk=parent.pk), instance=node)
    signals.changed.send(
        Organization, verb="organizations.created", instance=created, by=by, changes={"name": ["", created.name]}
    )
    return created


@transaction.atomic
def update_organization(node: Organization, *, by: User, **fields) -> Organization:
    """Change the description of ``node``; its place, status and end have verbs of their own.

    Raises ``ValidationError`` when a field does not fit.
    """
    node = Organization.objects.select_for_update().get(pk=node.pk)
    before = {name: getattr(node, name) for name in fields}
    changed = {name: value for name, value in fields.items() if value != before[name]}
    if not changed:
        return node
    for name, value in changed.items():
        setattr(node, name, value)
    node.full_clean(exclude=["path", "depth", "numchild"])
    node.save(update_fields=list(changed))
    signals.changed.send(
        Organization,
        verb="organizations.changed",
        instance=node,
        by=by,
        changes={name: [before[name], value] for name, value in changed.items()},
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
    signals.changed.send(
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
    for appointment in node.appointments.filter(ended_at=None):
        dismiss(appointment, on=on, by=by)
    signals.changed.send(
        Organization, verb="organizations.closed", instance=node, by=by, changes={"status": [before, status]}
    )
    return node


@transaction.atomic
def affiliate(user: User, organization: Organization, *, standing: str, on: date, by: User | None) -> Affiliation:
    """Place ``user`` in ``organization`` with ``standing`` from ``on``; the earlier affiliation ends the day before.

    Placing someone where they already stand changes nothing. Raises ``RuleError`` when ``on`` lies before the day the
    current affiliation began.
    """
    current = Affiliation.objects.select_for_update().filter(user=user, until=None).first()
    if current and current.organization_id == organization.pk and current.standing == standing:
        return current
    if current:
        if on < current.since:
            raise RuleError(_("The new affiliation cannot begin before the present one."))
        if on == current.since:
            current.delete()
        else:
            current.until = on - timedelta(days=1)
            current.save(update_fields=["until"])
    created = Affiliation.objects.create(user=user, organization=organization, standing=standing, since=on)
    signals.changed.send(
        Affiliation,
        verb="organizations.affiliated",
        instance=created,
        by=by,
        changes={
            "organization": [str(current.organization) if current else "", str(organization)],
            "standing": [current.standing if current else "", standing],
        },
    )
    return created


@transaction.atomic
def appoint(
    user: User,
    organization: Organization,
    post: str,
    *,
    on: date,
    by: User | None,
    until: date | None = None,
    mode: str = AppointmentMode.APPOINTED,
    approval_doc_no: str = "",
) -> Appointment:
    """Give ``user`` a post on a node from ``on``; with it the duties of the post, on the node and below.

    Appointing someone to the post they already hold there changes nothing. Raises ``RuleError`` for oneself.
    """
    if by is not None and by.pk == user.pk:
        raise RuleError(_("Nobody appoints themselves: ask someone else who may."))
    held = Appointment.objects.filter(user=user, organization=organization, post=post, ended_at=None).first()
    if held:
        return held
    appointment = Appointment(
        user=user,
        organization=organization,
        post=post,
        mode=mode,
        approval_doc_no=approval_doc_no,
        since=on,
        until=until,
    )
    appointment.full_clean()
    appointment.save()
    sync_rights([user.pk])
    signals.changed.send(
        Appointment, verb="organizations.appointed", instance=appointment, by=by, changes={"post": ["", post]}
    )
    return appointment


@transaction.atomic
def dismiss(appointment: Appointment, *, on: date, by: User | None) -> Appointment:
    """End a post; the duties that rest on it alone end in the same minute. ``on`` is the last day held."""
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if appointment.ended_at:
        return appointment
    appointment.until = max(on, appointment.since)
    appointment.ended_at = timezone.now()
    appointment.save(update_fields=["until", "ended_at"])
    sync_rights([appointment.user_id])
    signals.changed.send(
        Appointment,
        verb="organizations.dismissed",
        instance=appointment,
        by=by,
        changes={"post": [appointment.post, ""]},
    )
    return appointment


def sync_rights(user_ids: Iterable[int] | None = None) -> None:
    """Rewrite guardian's rows from the posts in force today; ``None`` means everyone's."""
    today = timezone.localdate()
    appointments = Appointment.objects.in_force(today)
    rows = OrganizationUserObjectPermission.objects.all()
    if user_ids is not None:
        user_ids = list(user_ids)
        appointments = appointments.filter(user_id__in=user_ids)
        rows = rows.filter(user_id__in=user_ids)
    permission_ids = dict(
        Permission.objects.filter(
            content_type__app_label="organizations", content_type__model="organization"
        ).values_list("codename", "pk")
    )
    wanted: dict[tuple[int, int, int], date | None] = {}
    for user_id, organization_id, post, until in appointments.values_list(
        "user_id", "organization_id", "post", "until"
    ):
        for duty in POST_DUTIES[Post(post)]:
            key = (user_id, organization_id, permission_ids[duty.value])
            if key in wanted and (wanted[key] is None or (until is not None and wanted[key] >= until)):
                continue
            wanted[key] = until
    present = {(row.user_id, row.content_object_id, row.permission_id): row for row in rows}
    stale = [row.pk for key, row in present.items() if key not in wanted or row.until != wanted[key]]
    OrganizationUserObjectPermission.objects.filter(pk__in=stale).delete()
    OrganizationUserObjectPermission.objects.bulk_create(
        [
            OrganizationUserObjectPermission(user_id=u, content_object_id=o, permission_id=p, until=until)
            for (u, o, p), until in wanted.items()
            if (u, o, p) not in present or present[(u, o, p)].pk in set(stale)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
