"""Assign and end cultivation contacts (XZ26 art. 9)."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.web.refusals import RuleError

from .. import notices
from ..models import CultivationContact
from ..rules import gaps_before_contact
from ..signals import cared


@transaction.atomic
def assign_contact(person: Member, contact: Member, *, by: User | None, on: date) -> CultivationContact:
    """Give ``person`` a contact from ``on``; raise ``RuleError`` with every gap that forbids it."""
    # The row of the person is the lock: two assignments at once come one after the other.
    person = Member.objects.select_for_update().get(pk=person.pk)
    current = {row.contact_id: row.place for row in person.contacts.current()}
    gaps = gaps_before_contact(
        person_id=person.pk,
        person_standing=person.standing,
        contact_id=contact.pk,
        contact_standing=contact.standing,
        current=current,
    )
    if gaps:
        raise RuleError([gap.label for gap in gaps])
    place = 2 if 1 in current.values() else 1
    made = CultivationContact(person=person, contact=contact, place=place, since=on)
    made.full_clean()
    made.save()
    audit.record(
        "development.contact_assigned",
        made,
        by=by,
        about=person.user,
        changes={"contact": ["", contact.name]},
        at=person.organization,
    )
    params = {"person": person.name, "contact": contact.name}
    post(
        notices.CONTACT_ASSIGNED.code,
        key=f"contact_assigned:{made.pk}",
        recipients=[contact.user_id, person.user_id],
        params=params,
        url=reverse("members:development:contact-list"),
    )
    cared.send(CultivationContact, person_id=person.pk)
    return made


@transaction.atomic
def end_contact(row: CultivationContact, *, by: User | None, on: date) -> CultivationContact:
    """End an assignment on ``on``, its last day; raise ``RuleError`` when it has ended before."""
    ended = CultivationContact.objects.current().filter(pk=row.pk).update(until=max(on, row.since))
    row = CultivationContact.objects.select_related("person__user", "person__organization", "contact__user").get(
        pk=row.pk
    )
    if not ended:
        raise RuleError(_("This assignment has ended already."))
    audit.record(
        "development.contact_ended",
        row,
        by=by,
        about=row.person.user,
        changes={"contact": [row.contact.name, ""]},
        at=row.person.organization,
    )
    cared.send(CultivationContact, person_id=row.person_id)
    return row
