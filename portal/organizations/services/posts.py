"""Verbs on posts: appoint, dismiss, end all posts of a node; and the duties that follow from them."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Case, DateField, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.web.refusals import RuleError

from ..duties import POST_DUTIES, Post
from ..models import Appointment, AppointmentMode, Organization, OrganizationUserObjectPermission
from ..signals import changed, changed_many
from .locking import lock_open


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

    Appointing someone to the post they already hold there changes nothing. Raises ``RuleError`` for oneself and for
    a closed node, unless the post ended before it closed.
    """
    if by is not None and by.pk == user.pk:
        raise RuleError(_("Nobody appoints themselves: ask someone else who may."))
    organization = lock_open(organization, on=date.max if until is None else until)
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
    changed.send(Appointment, verb="organizations.appointed", instance=appointment, by=by, changes={"post": ["", post]})
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
    changed.send(
        Appointment,
        verb="organizations.dismissed",
        instance=appointment,
        by=by,
        changes={"post": [appointment.post, ""]},
    )
    return appointment


@transaction.atomic
def end_posts(nodes: Sequence[Organization], *, on: date, by: User | None, reason: str = "") -> int:
    """End every open post of ``nodes`` with ``on`` as the last day, as ``dismiss`` does for one; return how many.

    The number of statements does not depend on the number of posts.
    """
    held = list(
        Appointment.objects.select_for_update(of=("self",))
        .filter(organization__in=nodes, ended_at=None)
        .select_related("user", "organization")
        .order_by("pk")
    )
    if not held:
        return 0
    last_day = Case(
        When(until__lt=on, then=F("until")),
        When(since__gt=on, then=F("since")),
        default=Value(on),
        output_field=DateField(),
    )
    Appointment.objects.filter(pk__in=[post.pk for post in held]).update(until=last_day, ended_at=timezone.now())
    sync_rights({post.user_id for post in held})
    changed_many.send(
        Appointment,
        verb="organizations.dismissed",
        rows=[
            (Appointment, post.pk, str(post), post.user_id, {"post": [post.post, ""]}, post.organization_id)
            for post in held
        ],
        by=by,
        reason=reason,
    )
    return len(held)


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
