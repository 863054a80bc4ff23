"""Take in who comes with a letter from outside: freshmen, new staff (domain.md 6.2)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from portal.accounts.models import User
from portal.organizations import services as organizations
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from ..models import Letter, Transfer
from ..queries.facts import facts_of
from ..rules.checks import HOLDS_NO_RELATIONS, MEMBERS
from ..rules.clocks import expires_on
from ..rules.states import Kind, Route, Side, Verb
from .requests import begin, committee_above, hold
from .settling import locked, settle, step_for


@transaction.atomic
def register_arrival(
    person: Member,
    destination: Organization,
    *,
    committee: str,
    unit: str = "",
    standing: str,
    number: str,
    issued_on: date,
    valid_days: int,
    dues_paid_to: date | None,
    by: User | None,
    on: date,
) -> Transfer:
    """Register the letter that ``person`` brought; the branch then checks it and the committee accepts.

    Raises ``RuleError`` for a person who is a member here already, a letter of the future or one that has run out.
    """
    destination = organizations.lock_open(destination, on=on)
    person = hold(person)
    reasons = []
    if person.organization is not None and person.standing in MEMBERS:
        reasons.append(_("This person is a member in %(branch)s already.") % {"branch": person.organization})
    if facts_of([person], leaves_university=False, on=on)[person.pk].has_open_transfer:
        reasons.append(_("A transfer of this person is under way already."))
    if standing not in MEMBERS:
        reasons.append(_("A letter is brought by probationary and full members."))
    if not destination.is_branch or destination.org_type in HOLDS_NO_RELATIONS:
        reasons.append(_("This organization holds no organization relations; choose a branch that does."))
    reasons += _against_letter(issued_on, valid_days, on=on)
    if reasons:
        raise RuleError(reasons)
    transfer = begin(
        person,
        kind=Kind.TRANSFER_IN,
        route=Route.IN,
        standing=standing,
        destination=destination,
        receiver_committee=committee_above(destination),
        outside_committee=committee,
        outside_unit=unit,
        dues_paid_to=dues_paid_to,
        expires_on=expires_on(issued_on, valid_days),
        side=Side.RECEIVER_BRANCH,
        by=by,
        on=on,
    )
    _keep_letter(transfer, number=number, issued_on=issued_on, valid_days=valid_days, by=by)
    return transfer


@transaction.atomic
def renew_arrival(
    transfer: Transfer, *, number: str, issued_on: date, valid_days: int, words: str, by: User | None, on: date
) -> Transfer:
    """Register the new letter that the sender outside issued after the first had run out."""
    transfer = locked(transfer)
    step, side = step_for(transfer, Verb.REISSUE, by=by)
    if transfer.route != Route.IN:
        raise RuleError(_("This letter is issued here."))
    if reasons := _against_letter(issued_on, valid_days, on=on):
        raise RuleError(reasons)
    transfer.letters.update(is_void=True)
    _keep_letter(transfer, number=number, issued_on=issued_on, valid_days=valid_days, by=by)
    return settle(
        transfer, step, side=side, by=by, on=on, words=words, expires_on=expires_on(issued_on, valid_days)
    )


def _against_letter(issued_on: date, valid_days: int, *, on: date) -> list[str]:
    if issued_on > on:
        return [_("The letter cannot have been issued in the future.")]
    if expires_on(issued_on, valid_days) < on:
        return [_("This letter has run out; the sender must issue it again.")]
    return []


def _keep_letter(transfer: Transfer, *, number: str, issued_on: date, valid_days: int, by: User | None) -> None:
    letter = Letter(
        transfer=transfer,
        foreign_number=number,
        issued_on=issued_on,
        valid_days=valid_days,
        expires_on=expires_on(issued_on, valid_days),
        standing=transfer.standing,
        dues_paid_to=transfer.dues_paid_to,
        to_committee=str(transfer.receiver_committee)[:120],
        from_unit=transfer.outside_unit,
        to_unit=str(transfer.destination)[:120],
        issued_by=by,
    )
    letter.full_clean()
    letter.save()
