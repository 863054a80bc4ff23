"""The steps of one transfer; each locks the row, asks the rules, writes, and tells."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from members.codes import EntryKind, LeaveKind
from members.models import Member
from members.services import leave, place, update_archive
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations import services as organizations
from portal.web.refusals import RuleError

from ..models import Letter, RelationPeriod, Transfer
from ..queries.facts import facts_of
from ..queries.limits import limits_on
from ..rules.checks import CheckFacts, Gap, gaps_before_accept, gaps_before_check, gaps_before_issue
from ..rules.states import Kind, Route, State, Verb
from ..signals import accepting, transferred
from .letters import draft_letter, next_number
from .settling import locked, refuse, settle, step_for


def against_check(
    transfer: Transfer, *, dues_paid_to: date | None, file_checked: bool, on: date
) -> tuple[list[Gap], CheckFacts]:
    """Return what the branch must settle first, and the facts it follows from."""
    person = transfer.person
    leaves = transfer.kind == Kind.TRANSFER_OUT
    facts = facts_of(
        [person],
        leaves_university=leaves,
        on=on,
        dues_paid_to={person.pk: dues_paid_to},
        file_checked=file_checked,
        ignoring=transfer.pk,
    )[person.pk]
    gaps = gaps_before_check(facts, leaves_university=leaves, on=on)
    if transfer.kind == Kind.TRANSFER_IN:
        # Dues and posts are the sender's matter; here the file that came along is gone through.
        gaps = [gap for gap in gaps if gap.code == "file_unchecked"]
    return gaps, facts


@transaction.atomic
def check(
    transfer: Transfer, *, dues_paid_to: date | None, file_checked: bool, words: str = "", by: User | None, on: date
) -> Transfer:
    """Confirm for the branch that nothing stands in the way; raise ``RuleError`` with every gap."""
    transfer = locked(transfer)
    step, side = step_for(transfer, Verb.CHECK, by=by)
    gaps, facts = against_check(transfer, dues_paid_to=dues_paid_to, file_checked=file_checked, on=on)
    refuse(gaps)
    paid_to = transfer.dues_paid_to if transfer.kind == Kind.TRANSFER_IN else facts.dues_paid_to
    return settle(
        transfer,
        step,
        side=side,
        by=by,
        on=on,
        words=words,
        checked_on=on,
        file_checked=file_checked,
        dues_paid_to=paid_to.replace(day=1) if paid_to else None,
    )


@transaction.atomic
def issue(
    transfer: Transfer, *, valid_days: int, words: str = "", by: User | None, on: date, **reaching: str
) -> Transfer:
    """Issue the letter in the name of the sender's committee, with the next number of its year."""
    return _issue(transfer, Verb.ISSUE, valid_days=valid_days, words=words, by=by, on=on, reaching=reaching)


@transaction.atomic
def reissue(transfer: Transfer, *, valid_days: int, words: str, by: User | None, on: date, **reaching: str) -> Transfer:
    """Issue a new letter for one that has run out; ``words`` explain it, and the branch's check must hold still."""
    if not words.strip():
        raise RuleError(_("Explain why the letter ran out."))
    return _issue(transfer, Verb.REISSUE, valid_days=valid_days, words=words, by=by, on=on, reaching=reaching)


def _issue(
    transfer: Transfer, verb: Verb, *, valid_days: int, words: str, by: User | None, on: date, reaching: dict[str, str]
) -> Transfer:
    if transfer.sender_committee is None:
        raise RuleError(_("The letter of this transfer is issued outside."))
    committee = organizations.lock_open(transfer.sender_committee, on=on)
    transfer = locked(transfer)
    step, side = step_for(transfer, verb, by=by)
    can_approve = committee.can_approve_members
    refuse(gaps_before_issue(can_approve=can_approve, valid_days=valid_days, limits=limits_on(on)))
    transfer.letters.update(is_void=True)
    letter = draft_letter(
        transfer,
        number=next_number(committee, on.year),
        valid_days=valid_days,
        on=on,
        by=by,
        reaching=reaching,
        explanation=words if verb == Verb.REISSUE else "",
    )
    letter.full_clean()
    letter.save()
    return settle(transfer, step, side=side, by=by, on=on, words=words, expires_on=letter.expires_on)


@transaction.atomic
def hand_over(transfer: Transfer, *, words: str = "", by: User | None, on: date) -> Transfer:
    """Record that the person has the letter in hand and carries it to the receiver."""
    return _plain(transfer, Verb.HAND_OVER, words=words, by=by, on=on)


@transaction.atomic
def send(transfer: Transfer, *, words: str = "", by: User | None, on: date) -> Transfer:
    """Record that the transfer was sent through the national or provincial member system."""
    return _plain(transfer, Verb.SEND, words=words, by=by, on=on)


@transaction.atomic
def receive(transfer: Transfer, *, words: str = "", by: User | None, on: date) -> Transfer:
    """Receive for the committee and pass the transfer to the branch, which then accepts the person."""
    return _plain(transfer, Verb.RECEIVE, words=words, by=by, on=on)


def _plain(transfer: Transfer, verb: Verb, *, words: str, by: User | None, on: date) -> Transfer:
    transfer = locked(transfer)
    step, side = step_for(transfer, verb, by=by)
    if transfer.expires_on is not None and on > transfer.expires_on:
        raise RuleError(_("The letter has run out; have it issued again."))
    return settle(transfer, step, side=side, by=by, on=on, words=words)


@transaction.atomic
def accept(
    transfer: Transfer, *, accepted_on: date, receiver: str = "", words: str = "", by: User | None, on: date
) -> Transfer:
    """Accept the person from ``accepted_on``: from that day the receiver answers, and the archive follows.

    Going out, ``receiver`` is who signed the receipt. Raises ``RuleError`` for a letter that had run out by then.
    """
    if transfer.destination is not None:
        organizations.lock_open(transfer.destination, on=on)
    transfer = locked(transfer)
    step, side = step_for(transfer, Verb.ACCEPT, by=by)
    # A receipt may date from before it was recorded, but not from before the letter.
    since = transfer.checked_on if transfer.kind != Kind.TRANSFER_IN else transfer.asked_on
    refuse(
        gaps_before_accept(
            on=accepted_on,
            today=on,
            since=since,
            expires_on=transfer.expires_on,
            placed_since=_placed_since(transfer.person),
        )
    )
    if transfer.route == Route.OUT:
        _keep_receipt(transfer, accepted_on, receiver)
    transfer = settle(transfer, step, side=side, by=by, on=on, words=words, accepted_on=accepted_on)
    accepting.send(Transfer, person=transfer.person)
    _move(transfer, on=accepted_on, by=by)
    transferred.send(
        Transfer,
        person=transfer.person,
        origin=transfer.organization,
        destination=transfer.destination,
        on=accepted_on,
        by=by,
        transfer=transfer,
    )
    return transfer


def _placed_since(person: Member) -> date | None:
    current = person.user.affiliations.filter(until=None).first()
    return current.since if current else None


def _keep_receipt(transfer: Transfer, received_on: date, receiver: str) -> None:
    if not receiver.strip():
        raise RuleError(_("Say who signed the receipt."))
    transfer.letters.filter(is_void=False).update(received_on=received_on, receiver=receiver.strip()[:120])


def _move(transfer: Transfer, *, on: date, by: User | None) -> None:
    """Let the person's place follow; the earlier places stay as history."""
    person = transfer.person
    if transfer.destination is None:
        RelationPeriod.objects.current().filter(person=person).update(
            until=on, end_words=_("transferred out")
        )
        leave(person, kind=LeaveKind.TRANSFER_OUT, on=on, by=by)
        return
    # The standing that goes along is read while the row is held: a decision may just have changed it.
    person = Member.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    standing = transfer.standing if transfer.kind == Kind.TRANSFER_IN else person.standing
    person = place(person, transfer.destination, standing=standing, on=on, by=by)
    entered: dict[str, Any] = {"entered_on": on, "left_on": None, "leave_kind": ""}
    if transfer.kind == Kind.INTERNAL_MOVE:
        entered["entry_kind"] = EntryKind.INTERNAL_MOVE
    update_archive(person, entered, version=person.version, by=by)  # type: ignore[arg-type]


@transaction.atomic
def reject(transfer: Transfer, *, words: str, by: User | None, on: date) -> Transfer:
    """Reject with a reason; the sender goes on answering for the person (DJ art. 25: not without a reason)."""
    return _end(transfer, Verb.REJECT, words=words, by=by, on=on)


@transaction.atomic
def withdraw(transfer: Transfer, *, words: str = "", by: User | None, on: date) -> Transfer:
    """Take the transfer back: before the check also the person, then the branch, with a letter out its issuer."""
    return _end(transfer, Verb.WITHDRAW, words=words, by=by, on=on)


def _end(transfer: Transfer, verb: Verb, *, words: str, by: User | None, on: date) -> Transfer:
    transfer = locked(transfer)
    step, side = step_for(transfer, verb, by=by)
    if verb == Verb.REJECT and not words.strip():
        raise RuleError(_("Say why."))
    transfer.letters.update(is_void=True)
    return settle(transfer, step, side=side, by=by, on=on, words=words, end_words=words)


@transaction.atomic
def expire(transfer: Transfer, *, on: date) -> Transfer | None:
    """Let the letter run out on the day after its last one; return ``None`` when it has been settled meanwhile."""
    transfer = locked(transfer)
    if transfer.expires_on is None or on <= transfer.expires_on or transfer.state == State.EXPIRED:
        return None
    if not transfer.is_open:
        return None
    step, side = step_for(transfer, Verb.EXPIRE, by=None)
    return settle(transfer, step, side=side, by=None, on=on)


def record_print(letter: Letter, *, by: User) -> None:
    """Keep in the trail that a letter with the identity number was taken along on paper."""
    transfer = letter.transfer
    audit.record(
        "transfers.letter.exported", transfer, by=by, about=transfer.person.user, at=transfer.organization,
        changes={"letter": ["", letter.serial]},
    )  # fmt: skip
