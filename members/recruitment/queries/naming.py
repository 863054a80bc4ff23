"""Whom a record may name: contacts, sponsors, and those who lead the talks."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import Member
from portal.organizations.models import Appointment, Organization, Standing

from ..policies import people_deciding
from .acting import superior_of


def full_members(branch: Organization, *, but: int, also: Collection[int] = ()) -> QuerySet[Member]:
    """Return the full members of ``branch`` without the candidate of account ``but``.

    ``also`` are accounts that a record names already; they stay to be chosen. How each stood on the day of the record
    is asked when it is written.
    """
    there = Q(organization=branch.pk, standing=Standing.FULL_MEMBER) | Q(user__in=list(also))
    return _in_order(Member.objects.filter(there).exclude(user=but))


def others_named(branch: Organization, key: int) -> Member | None:
    """Return somebody of ``branch`` by the account, whatever the standing; ``None`` for a key of nobody there."""
    return Member.objects.filter(organization=branch, user=key).select_related("user").first()


def accompanying(keys: Collection[int]) -> QuerySet[Member]:
    """Return the contacts and sponsors of a case by their accounts."""
    return _in_order(Member.objects.filter(user__in=list(keys)))


def talkers(branch: Organization, *, but: int, also: Collection[int] = ()) -> QuerySet[Member]:
    """Return who can lead the talk for the superior of ``branch``: its officers, and those who decide for it."""
    superior = superior_of(branch)
    officers = Appointment.objects.in_force(timezone.localdate()).filter(organization=superior).values("user_id")
    there = Q(user__in=officers) | Q(user__in=people_deciding(branch)) | Q(user__in=list(also))
    return _in_order(Member.objects.filter(there, standing=Standing.FULL_MEMBER).exclude(user=but))


def _in_order(people: QuerySet[Member]) -> QuerySet[Member]:
    return people.with_person().order_by("user__name", "user__number")
