"""Who accompanies whom, and who could."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from members.models import Member
from portal.access.policy import duty_scope
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, Standing

from ..models import CultivationContact
from ..rules import WRITERS


def places(user: User) -> QuerySet[Organization]:
    """Return the organizations in which ``user`` assigns contacts."""
    return duty_scope(user, Duty.ASSIGN_CONTACTS)


def cultivated(user: User, *, words: str = "", without: bool = False) -> QuerySet[Member]:
    """Return the people to whom ``user`` assigns contacts, each with the present ones in ``current_contacts``.

    ``words`` is part of a name or the beginning of a number; ``without`` keeps those who have no contact yet.
    """
    current = CultivationContact.objects.current()
    people = Member.objects.with_person().filter(standing__in=WRITERS, organization__in=places(user))
    if words:
        people = people.filter(Q(user__name__icontains=words) | Q(user__number__startswith=words))
    if without:
        people = people.filter(~Exists(current.filter(person=OuterRef("pk"))))
    shown = current.select_related("contact__user").order_by("place")
    return people.order_by("organization__path", "user__number").prefetch_related(
        Prefetch("contacts", queryset=shown, to_attr="current_contacts")
    )


def accompanied_by(user: User) -> QuerySet[CultivationContact]:
    """Return the people whom ``user`` accompanies."""
    return (
        CultivationContact.objects.current()
        .filter(contact__user=user)
        .select_related("person__user", "person__organization")
        .order_by("person__user__number")
    )


def candidates(user: User, person: Member, *, words: str = "") -> QuerySet[Member]:
    """Return the full members whom ``user`` may name as contact of ``person``.

    Without ``words`` those of the person's own branch; with them everyone in scope whose name or number holds them.
    """
    taken = CultivationContact.objects.current().filter(person=person).values("contact_id")
    found = Member.objects.filter(organization=person.organization_id)
    if words:
        found = Member.objects.filter(Q(user__name__icontains=words) | Q(user__number__startswith=words))
    return (
        found.with_person()
        .filter(standing=Standing.FULL_MEMBER, organization__in=places(user))
        .exclude(pk=person.pk)
        .exclude(pk__in=taken)
        .order_by("organization__path", "user__number")
    )


def past_contacts(person: Member, on: date) -> QuerySet[CultivationContact]:
    """Return the assignments of ``person`` that have ended by a day."""
    return person.contacts.filter(until__lte=on).select_related("contact__user").order_by("-until")
