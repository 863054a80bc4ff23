"""Ask for a transfer: a move to another branch of the university, or out of it."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations import services as organizations
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from ..models import Event, Transfer
from ..queries.facts import approving_committee, facts_of
from ..rules.checks import gaps_before_request
from ..rules.states import Kind, Route, Side, Verb
from .settling import refuse, tell


@transaction.atomic
def ask_move(person: Member, destination: Organization, *, reason: str = "", by: User | None, on: date) -> Transfer:
    """Ask that ``person`` moves to another branch; raise ``RuleError`` with everything that forbids it."""
    destination = organizations.lock_open(destination, on=on)
    person = hold(person)
    origin = _origin(person)
    if not destination.is_branch:
        raise RuleError(_("People belong to branches; choose one."))
    facts = facts_of([person], leaves_university=False, on=on)[person.pk]
    refuse(gaps_before_request(facts, leaves_university=False, destination_type=destination.org_type))
    sender, receiver = committee_above(origin), committee_above(destination)
    return begin(
        person,
        kind=Kind.INTERNAL_MOVE,
        route=Route.WITHIN if sender == receiver else Route.BETWEEN,
        organization=origin,
        sender_committee=sender,
        destination=destination,
        receiver_committee=receiver,
        reason=reason,
        by=by,
        on=on,
    )


@transaction.atomic
def ask_transfer_out(
    person: Member, *, committee: str, unit: str = "", reason: str = "", by: User | None, on: date
) -> Transfer:
    """Ask that the relation of ``person`` goes to a committee outside; raise ``RuleError`` with all that forbids it."""
    person = hold(person)
    origin = _origin(person)
    facts = facts_of([person], leaves_university=True, on=on)[person.pk]
    refuse(gaps_before_request(facts, leaves_university=True))
    return begin(
        person,
        kind=Kind.TRANSFER_OUT,
        route=Route.OUT,
        organization=origin,
        sender_committee=committee_above(origin),
        outside_committee=committee,
        outside_unit=unit,
        reason=reason,
        by=by,
        on=on,
    )


def hold(person: Member) -> Member:
    """Hold the row of a person: two transfers of one person are not begun at once."""
    return Member.objects.select_for_update(of=("self",)).with_person().get(pk=person.pk)


def _origin(person: Member) -> Organization:
    if person.organization is None:
        raise RuleError(_("This person belongs to no branch; there is nothing to transfer."))
    return person.organization


def committee_above(node: Organization) -> Organization:
    """Return the committee that issues and receives for ``node``; raise ``RuleError`` when the tree names none."""
    committee = approving_committee(node)
    if committee is None:
        raise RuleError(
            _("No committee above %(node)s holds the authority to approve members; the tree must say which one does.")
            % {"node": node}
        )
    return committee


def begin(person: Member, *, by: User | None, on: date, side: Side | None = None, **fields: Any) -> Transfer:
    """Write the new transfer with its first event, the trail and the notices."""
    transfer = Transfer(person=person, asked_by=by, asked_on=on, changed_on=on, **fields)
    if not transfer.standing:
        transfer.standing = person.standing
    transfer.full_clean()
    transfer.save()
    own = by is not None and by.pk == person.user_id
    taken = side or (Side.PERSON if own else Side.SENDER_BRANCH)
    event = Event.objects.create(
        transfer=transfer, verb=Verb.REQUEST, state=transfer.state, side=taken, on=on, by=by, words=transfer.reason
    )
    audit.record(
        "transfers.requested",
        transfer,
        by=by,
        about=person.user,
        at=transfer.organization or transfer.destination,
        changes={"to": ["", transfer.receiver]},
    )
    tell(transfer, event)
    return transfer
