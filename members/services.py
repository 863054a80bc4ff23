"""Verbs on people: take one in, place, change the archive, reveal a field, answer a correction."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.encryption.crypto import blind_index
from portal.files.models import StoredFile
from portal.files.services import attach, discard
from portal.notifications.services import post
from portal.organizations import services as organizations
from portal.organizations.models import Organization, Standing
from portal.web.refusals import RuleError

from . import rules
from .fields import ARCHIVE_FIELDS, SENSITIVE
from .models import ArchiveDocument, Member
from .signals import leaving

REVEALS_PER_HOUR = 60


@transaction.atomic
def create_member(
    *,
    number: str,
    name: str,
    by: User | None,
    email: str | None = None,
    organization: Organization | None = None,
    standing: str = Standing.MASS,
    on: date | None = None,
    **archive: Any,
) -> Member:
    """Take a person in: account without password, archive, and the place from ``on`` when one is given.

    Raises ``ValidationError`` by field; the account is opened by the person through the password reset.
    """
    user = User(number=number, name=name, email=User.objects.normalize_email(email) or None)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    member = Member(user=user)
    write_fields(member, archive)
    # The database holds the constraints; only when it refuses are they gone through one by one, for their words.
    member.full_clean(exclude=["user"], validate_constraints=False, validate_unique=False)
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError:
        member.full_clean(exclude=["user"])
        raise
    audit.record("members.created", member, by=by, about=user, at=organization)
    if organization is not None:
        member = place(member, organization, standing=standing, on=on or timezone.localdate(), by=by)
    return member


def write_fields(member: Member, archive: Mapping[str, Any]) -> None:
    """Set fields of the archive on ``member``, cleaned and with their blind indexes; nothing is saved.

    Raises ``ValidationError`` by field for an identity number or a mobile number that cannot be one.
    """
    faults: dict[str, str] = {}
    for name, value in archive.items():
        if name not in ARCHIVE_FIELDS:
            raise TypeError(f"{name} is not a field of the archive")
        if name == "id_no":
            value = rules.clean_id_no(value or "")
            if value and (fault := rules.id_fault(value, on=timezone.localdate())):
                faults[name] = str(fault.label)
            member.id_no_index = blind_index(value) or None
        elif name == "mobile":
            value = rules.clean_mobile(value or "")
            if value and not rules.is_mobile(value):
                faults[name] = _("A mobile number has 11 digits and begins with 1.")
            member.mobile_index = blind_index(value)
        setattr(member, name, value)
    if faults:
        raise ValidationError(faults)


@transaction.atomic
def place(member: Member, organization: Organization, *, standing: str, on: date, by: User | None) -> Member:
    """Affiliate a person with a node from ``on``, and let the archive point there.

    Raises ``RuleError`` for a day in the future, a closed node, or a day before the present affiliation began.
    """
    if on > timezone.localdate():
        raise RuleError(_("A placement cannot begin in the future."))
    # The node before the person: a merger holds its nodes and then writes the archives of the people in them.
    organization = organizations.lock_open(organization, on=on)
    member = Member.objects.select_for_update().get(pk=member.pk)
    organizations.affiliate(member.user, organization, standing=standing, on=on, by=by)
    if member.standing != standing or member.standing_since is None:
        member.standing_since = on
    member.organization, member.standing = organization, standing
    member.save(update_fields=["organization", "standing", "standing_since", "updated_at"])
    return member


@transaction.atomic
def leave(member: Member, *, kind: str, on: date, by: User | None) -> Member:
    """Let a person leave the university's tree on ``on``; the history stays, ``kind`` is one of ``LeaveKind``.

    Raises ``RuleError`` for a day in the future or before the present affiliation began.
    """
    if on > timezone.localdate():
        raise RuleError(_("Nobody leaves in the future."))
    leaving.send(Member, person=member, kind=kind, on=on, by=by)
    member = Member.objects.select_for_update().get(pk=member.pk)
    organizations.depart(member.user, on=on, by=by)
    member.organization, member.leave_kind, member.left_on = None, kind, on
    if member.entered_on and member.entered_on > on:
        raise RuleError(_("Leaving the branch cannot come before entering it."))
    member.save(update_fields=["organization", "leave_kind", "left_on", "updated_at"])
    return member


def masked(name: str, value: Any) -> str:
    """Return what the trail and pages may show of a field."""
    if value in (None, ""):
        return ""
    return SENSITIVE[name](str(value)) if name in SENSITIVE else str(value)


@transaction.atomic
def update_archive(member: Member, changes: Mapping[str, Any], *, version: int, by: User) -> Member:
    """Write ``changes`` to the archive as it stood at ``version``.

    Raises ``RuleError`` when someone saved a later version in between, telling who changed what, and
    ``ValidationError`` by field.
    """
    member = Member.objects.select_for_update().get(pk=member.pk)
    if member.version != version:
        raise RuleError(_conflict(member), code="conflict")
    before = {name: getattr(member, name) for name in changes}
    write_fields(member, changes)
    member.full_clean(exclude=["user"])
    changed = [name for name in changes if getattr(member, name) != before[name]]
    if not changed:
        return member
    member.version += 1
    member.save()
    audit.record(
        "members.changed",
        member,
        by=by,
        about=member.user,
        changes={name: [masked(name, before[name]), masked(name, getattr(member, name))] for name in changed},
    )
    return member


def _conflict(member: Member) -> str:
    last = audit.history_of(member).filter(verb="members.changed").first()
    if last is None:
        return _("Someone changed this archive while you were editing. Load it again.")
    labels = [str(Member._meta.get_field(name).verbose_name) for name in last.changes if name in ARCHIVE_FIELDS]
    return _("%(who)s changed this archive while you were editing: %(fields)s. Your entries are kept below.") % {
        "who": last.by_label,
        "fields": ", ".join(labels),
    }


@transaction.atomic
def reveal(member: Member, field: str, *, reason: str, by: User) -> str:
    """Return one sensitive field in clear; the look is recorded with its reason and told to the person.

    Raises ``RuleError`` past ``REVEALS_PER_HOUR`` looks of one reader.
    """
    if field not in SENSITIVE:
        raise ValueError(f"{field} is not a sensitive field")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why you need to see it.")})
    recent = AuditEntry.objects.filter(by=by, verb="members.revealed", at__gt=timezone.now() - timedelta(hours=1))
    if recent.count() >= REVEALS_PER_HOUR:
        raise RuleError(_("You have opened many fields within an hour. Go on later, or ask for an export."))
    entry = audit.record(
        "members.revealed", member, by=by, about=member.user, reason=reason, changes={"field": ["", field]}
    )
    post(
        "members.revealed",
        key=f"members.revealed:{entry.pk}",
        recipients=[member.user_id],
        params={"who": by.name, "field": field, "words": reason},
        url=reverse("audit:mine"),
        by=by,
    )
    return str(getattr(member, field))


@transaction.atomic
def open_own(member: Member, *, by: User) -> dict[str, str]:
    """Return all sensitive fields of one's own archive in clear; recorded too, in case it was not the person."""
    if member.user_id != by.pk:
        raise ValueError("Only the person opens the own archive without a reason")
    audit.record("members.own_opened", member, by=by, about=by)
    return {field: getattr(member, field) for field in SENSITIVE}


@transaction.atomic
def set_photo(member: Member, photo: StoredFile | None, *, by: User) -> Member:
    """Put another photo into the archive, or take it out with ``None``; the old one is discarded."""
    member = Member.objects.select_for_update(of=("self",)).select_related("user", "photo").get(pk=member.pk)
    old = member.photo
    member.photo = attach(photo, member) if photo else None
    member.save(update_fields=["photo", "updated_at"])
    if old is not None:
        discard(old)
    audit.record("members.photo_changed", member, by=by, about=member.user)
    return member


@transaction.atomic
def file_document(
    member: Member, file: StoredFile, *, kind: str, title: str, dated_on: date | None, by: User
) -> ArchiveDocument:
    """File an upload in a person's archive."""
    document = ArchiveDocument(member=member, file=file, kind=kind, title=title, dated_on=dated_on, added_by=by)
    document.full_clean()
    document.save()
    attach(file, document)
    audit.record(
        "members.document_filed",
        document,
        by=by,
        about=member.user,
        at=member.organization,
        changes={"kind": ["", kind]},
    )
    return document


@transaction.atomic
def remove_document(document: ArchiveDocument, *, by: User) -> None:
    """Take a document out of the archive; its bytes go with it."""
    member, file = document.member, document.file
    audit.record("members.document_removed", document, by=by, about=member.user, at=member.organization)
    document.delete()
    discard(file)
