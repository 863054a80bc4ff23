"""Requests as their readers see them, and whom to tell."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.access.policy import scope
from portal.access.rights import AnyUser, ancestor_paths, rights_of
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.organizations.duties import Duty
from portal.organizations.models import Affiliation, OrganizationUserObjectPermission, Standing

from ..models import HelpMessage, HelpRequest
from .places import branch_at, committee_of

VIEWED = "members_help.request.viewed"


def heard_by(user: AnyUser) -> QuerySet[HelpRequest]:
    """Return the requests of others that ``user`` hears: by duty, or because they were given to the person."""
    rows = scope(user, "view", HelpRequest).with_people()
    return rows.exclude(requester=user.pk).order_by("-asked_on", "-pk")


def to_answer(user: AnyUser) -> QuerySet[HelpRequest]:
    """Return what waits for ``user`` to act: given to the person, or lying with the node whose duty is held.

    What lies with a node below waits for those below until it has been told above.
    """
    held = rights_of(user).duties.get(str(Duty.HEAR_MEMBERS), ())
    lying = Q(assignee=None, organization__path__in=held)
    told = Q(escalated_on__isnull=False)
    rows = scope(user, "say", HelpRequest).waiting().exclude(requester=user.pk)
    return rows.filter(Q(assignee=user.pk) | lying | told).with_people().order_by("promised_on", "pk")


def asked_by(user: AnyUser) -> QuerySet[HelpRequest]:
    """Return one's own requests, newest first."""
    return HelpRequest.objects.with_people().filter(requester=user.pk).order_by("-asked_on", "-pk")


def thread_of(request: HelpRequest) -> QuerySet[HelpMessage]:
    """Return all that was said and done, with its files; two queries."""
    return request.messages.select_related("by", "to").prefetch_related("files")


def looks_of(request: HelpRequest, reader: AnyUser) -> list[AuditEntry]:
    """Return who opened the request, for whoever asked: each person and day once, newest first."""
    rows = scope(reader, "mine", AuditEntry).filter(
        verb=VIEWED, model=HelpRequest._meta.label, object_pk=str(request.pk)
    )
    return list(rows.order_by("-pk")[:50])


def hearers(path: str, *, without: Iterable[int] = ()) -> tuple[set[int], set[int]]:
    """Return who hears a request that lies at ``path``: on the nearest node that has somebody, and one higher."""
    left_out = set(without)
    rows = _holding(path).values_list("content_object__path", "user_id")
    held: dict[str, set[int]] = {}
    for there, user_id in rows:
        if user_id not in left_out:
            held.setdefault(there, set()).add(user_id)
    levels = [held[there] for there in sorted(held, key=len, reverse=True)]
    return (levels[0] if levels else set()), (levels[1] if len(levels) > 1 else set())


def _holding(path: str) -> QuerySet[OrganizationUserObjectPermission]:
    """Return the duties to hear members held today at ``path`` or above."""
    return OrganizationUserObjectPermission.objects.filter(
        permission__codename=str(Duty.HEAR_MEMBERS),
        content_object__path__in=ancestor_paths([path]),
        user__is_active=True,
    ).exclude(until__lt=timezone.localdate())


def assignable(request: HelpRequest) -> QuerySet[User]:
    """Return to whom a request may be given: those who hear it, and the full members of its branch."""
    near = Affiliation.objects.filter(
        organization__path__startswith=request.organization.path, until=None, standing=Standing.FULL_MEMBER
    )
    people = User.objects.filter(is_active=True).filter(
        Q(pk__in=near.values("user_id")) | Q(pk__in=_holding(request.organization.path).values("user_id"))
    )
    return people.exclude(pk=request.requester_id).order_by("name", "pk")


def may_be_wished(user: Any, path: str) -> QuerySet[User]:
    """Return whom somebody may wish for an answer: who hears members there, and the committee of the branch."""
    branch = branch_at(path)
    seated = committee_of(branch, on=timezone.localdate()) if branch else set()
    people = User.objects.filter(is_active=True).filter(Q(pk__in=seated) | Q(pk__in=_holding(path).values("user_id")))
    return people.exclude(pk=user.pk).order_by("name", "pk")
