"""Requests for help: ask, give to somebody, say, close, open again; a look at another's request is recorded.

The words are in the messages, encrypted; neither notices nor the trail repeat them.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.files.models import StoredFile
from portal.files.services import attach
from portal.notifications.services import post
from portal.organizations.models import Affiliation
from portal.rulesets.queries import calendar
from portal.web.locking import held_row
from portal.web.refusals import RuleError

from ..models import HelpMessage, HelpRequest, Said
from ..queries.limits import promises_on
from ..queries.places import branch_at
from ..queries.requests import VIEWED, assignable, hearers, may_be_wished
from ..rules.promises import HelpState, Urgency, promised_on

OPEN_AT_ONCE = 10


@transaction.atomic
def ask_help(
    requester: User,
    *,
    kind: str,
    words: str,
    urgency: str = Urgency.NORMAL,
    wanted: User | None = None,
    files: Iterable[StoredFile] = (),
    on: date,
) -> HelpRequest:
    """Ask the own branch for help or a talk; whoever hears members there is told, and an answer is promised.

    Raises ``RuleError`` for whoever belongs nowhere, for empty words, for a wish that nobody there can meet, and when
    ten requests of the person are open already.
    """
    User.objects.select_for_update().get(pk=requester.pk)
    place = Affiliation.objects.filter(user=requester, until=None).select_related("organization").first()
    if place is None:
        raise RuleError(_("You belong to no organization that could answer."))
    if not words.strip():
        raise RuleError({"words": _("Say what it is about.")})
    if HelpRequest.objects.filter(requester=requester).exclude(state=HelpState.CLOSED).count() >= OPEN_AT_ONCE:
        raise RuleError(_("Ten of your requests are open. Close those that are settled first."))
    node = branch_at(place.organization.path) or place.organization
    if wanted is not None and not may_be_wished(requester, node.path).filter(pk=wanted.pk).exists():
        raise RuleError({"wanted": _("This person cannot be asked for an answer here.")})
    request = HelpRequest(
        organization=node,
        requester=requester,
        kind=kind,
        urgency=urgency,
        wanted=wanted,
        asked_on=on,
        promised_on=promised_on(on, urgency, promises_on(on), calendar()),
    )
    request.full_clean()
    request.save()
    _say(request, words=words, by=requester, files=files)
    audit.record("members_help.request.asked", request, by=requester, about=requester, at=node)
    near, _above = hearers(node.path, without=[requester.pk])
    _tell("help_asked", f"help:{request.pk}:asked:0", request, near, day=request.promised_on)
    return request


@transaction.atomic
def assign(request: HelpRequest, *, assignee: User, words: str = "", by: User, on: date) -> HelpRequest:
    """Give a request to somebody who hears members here or is a full member of the branch.

    ``words`` are for all who read the request, its requester too. Raises ``RuleError`` when it is closed, given to
    this person already, or to somebody it cannot be given to.
    """
    request = _hold(request)
    if request.state == HelpState.CLOSED:
        raise RuleError(_("This request is closed."))
    if request.assignee_id == assignee.pk:
        raise RuleError({"assignee": _("This person takes care of it already.")})
    if not assignable(request).filter(pk=assignee.pk).exists():
        raise RuleError({"assignee": _("It cannot be given to this person.")})
    before = request.assignee
    request.assignee = assignee
    if request.state == HelpState.ASKED:
        request.state = HelpState.ASSIGNED
    request.full_clean()
    request.save(update_fields=["assignee", "state"])
    line = HelpMessage.objects.create(request=request, said=Said.ASSIGNED, by=by, to=assignee, words=words.strip())
    audit.record(
        "members_help.request.assigned",
        request,
        by=by,
        about=request.requester,
        at=request.organization,
        changes={"assignee": [before.name if before else "", assignee.name]},
    )
    if assignee.pk != by.pk:
        _tell("help_yours", f"help:{request.pk}:yours:{line.pk}", request, [assignee.pk], day=request.promised_on)
    _tell("help_taken", f"help:{request.pk}:taken:{line.pk}", request, [request.requester_id], name=assignee.name)
    return request


@transaction.atomic
def say(
    request: HelpRequest, *, words: str, files: Iterable[StoredFile] = (), by: User, on: date
) -> HelpMessage:
    """Write a line into the thread. Words of anybody but the requester are the answer that was promised.

    Whoever answers what nobody had taken up has taken it up. Raises ``RuleError`` when it is closed.
    """
    request = _hold(request)
    files = list(files)
    if request.state == HelpState.CLOSED:
        raise RuleError(_("This request is closed. Whoever asked may open it again."))
    if not words.strip() and not files:
        raise RuleError({"words": _("Write something.")})
    line = _say(request, words=words, by=by, files=files)
    if by.pk == request.requester_id:
        people = {request.assignee_id} if request.assignee_id else hearers(request.organization.path)[0]
        _tell("help_more", f"help:{request.pk}:more:{line.pk}", request, people - {by.pk}, day=request.promised_on)
        return line
    if request.is_waiting:
        request.state, request.answered_on = HelpState.ANSWERED, on
        request.assignee = request.assignee or by
        request.save(update_fields=["state", "answered_on", "assignee"])
    audit.record("members_help.request.answered", request, by=by, about=request.requester, at=request.organization)
    _tell("help_answered", f"help:{request.pk}:answered:{line.pk}", request, [request.requester_id], name=by.name)
    return line


@transaction.atomic
def close(request: HelpRequest, *, words: str = "", by: User, on: date) -> HelpRequest:
    """Close the own request: it is settled, or no longer needed."""
    request = _hold(request)
    _requester_only(request, by)
    if request.state == HelpState.CLOSED:
        raise RuleError(_("This request is closed already."))
    request.state, request.closed_on = HelpState.CLOSED, on
    request.save(update_fields=["state", "closed_on"])
    line = HelpMessage.objects.create(request=request, said=Said.CLOSED, by=by, words=words.strip())
    audit.record("members_help.request.closed", request, by=by, about=by, at=request.organization)
    if request.assignee_id:
        _tell("help_closed", f"help:{request.pk}:closed:{line.pk}", request, [request.assignee_id])
    return request


@transaction.atomic
def reopen(request: HelpRequest, *, words: str, by: User, on: date) -> HelpRequest:
    """Open the own request again because the answer did not settle it; a new answer is promised from today."""
    request = _hold(request)
    _requester_only(request, by)
    if request.state not in (HelpState.CLOSED, HelpState.ANSWERED):
        raise RuleError(_("This request is still open."))
    if not words.strip():
        raise RuleError({"words": _("Say what is not settled.")})
    request.state = HelpState.ASSIGNED if request.assignee_id else HelpState.ASKED
    request.closed_on = request.answered_on = request.escalated_on = None
    request.asked_on = on
    request.promised_on = promised_on(on, request.urgency, promises_on(on), calendar())
    request.reopened += 1
    request.full_clean()
    request.save()
    line = HelpMessage.objects.create(request=request, said=Said.REOPENED, by=by, words=words.strip())
    audit.record("members_help.request.reopened", request, by=by, about=by, at=request.organization)
    near = {request.assignee_id} if request.assignee_id else hearers(request.organization.path, without=[by.pk])[0]
    _tell("help_asked", f"help:{request.pk}:asked:{line.pk}", request, near, day=request.promised_on)
    return request


@transaction.atomic
def look(request: HelpRequest, *, by: User) -> AuditEntry | None:
    """Record that somebody reads the request of another, once a day; the person finds it in the own trail."""
    if by.pk == request.requester_id:
        return None
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = audit.history_of(request).filter(verb=VIEWED, by=by, at__gte=midnight)
    if seen.exists():
        return None
    return audit.record(VIEWED, request, by=by, about=request.requester, at=request.organization)


def _say(request: HelpRequest, *, words: str, by: User, files: Iterable[StoredFile]) -> HelpMessage:
    line = HelpMessage(request=request, by=by, words=words.strip())
    line.full_clean()
    line.save()
    for file in files:
        attach(file, line)
    return line


def _hold(request: HelpRequest) -> HelpRequest:
    return held_row(HelpRequest.objects.select_related("requester", "organization", "assignee"), request.pk)


def _requester_only(request: HelpRequest, by: User) -> None:
    if by.pk != request.requester_id:
        raise RuleError(_("Only whoever asked may do this."))


def _tell(kind: str, key: str, request: HelpRequest, people: Iterable[int], **params: Any) -> None:
    post(
        kind,
        key=key,
        recipients=people,
        params={"kind": request.kind, **params},
        url=request.get_absolute_url(),
    )
