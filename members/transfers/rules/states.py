"""States of a transfer, the steps between them and who takes each: the table that services, pages and tests read.

Source: DJ art. 25 (committees that can approve members exchange directly; the sender answers for the person until the
receiver accepts) and domain.md 6.2.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    INTERNAL_MOVE = "internal_move", _("move within the university")
    TRANSFER_OUT = "transfer_out", _("transfer out")
    TRANSFER_IN = "transfer_in", _("transfer in")


class State(models.TextChoices):
    REQUESTED = "requested", _("asked for")
    BRANCH_CHECKED = "branch_checked", _("checked by the branch")
    COMMITTEE_ISSUED = "committee_issued", _("letter issued")
    CARRIED = "carried", _("letter on its way")
    ONLINE_PENDING = "online_pending", _("waits for the receiver")
    ACCEPTED = "accepted", _("accepted by the receiver")
    REJECTED = "rejected", _("rejected with a reason")
    EXPIRED = "expired", _("letter expired")
    REISSUED = "reissued", _("letter issued again")
    WITHDRAWN = "withdrawn", _("taken back")


CLOSED = frozenset({State.ACCEPTED, State.REJECTED, State.WITHDRAWN})
OPEN = frozenset(State) - CLOSED
# With a letter in force: its clock runs.
LETTER_OUT = frozenset({State.COMMITTEE_ISSUED, State.REISSUED, State.CARRIED, State.ONLINE_PENDING})


class Route(models.TextChoices):
    """The way a transfer takes: within one approving committee, between two of them, out, or in."""

    WITHIN = "within", _("within one committee")
    BETWEEN = "between", _("between two committees")
    OUT = "out", _("out of the university")
    IN = "in", _("into the university")


class Side(StrEnum):
    """Who takes a step; ``CLOCK`` is the schedule."""

    PERSON = "person"
    SENDER_BRANCH = "sender_branch"
    SENDER_COMMITTEE = "sender_committee"
    RECEIVER_BRANCH = "receiver_branch"
    RECEIVER_COMMITTEE = "receiver_committee"
    CLOCK = "clock"


class Verb(models.TextChoices):
    """What can be done with a transfer; the label is the button."""

    REQUEST = "request", _("Ask for the transfer")
    CHECK = "check", _("Confirm the check of the branch")
    ISSUE = "issue", _("Issue the letter")
    HAND_OVER = "hand-over", _("Hand the letter to the person")
    SEND = "send", _("Send it through the member system")
    RECEIVE = "receive", _("Receive and pass to the branch")
    ACCEPT = "accept", _("Accept the person")
    REJECT = "reject", _("Reject with a reason")
    EXPIRE = "expire", _("Let the letter expire")
    REISSUE = "reissue", _("Issue the letter again")
    WITHDRAW = "withdraw", _("Withdraw the transfer")


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed transition: on ``route``, ``sides`` lead by ``verb`` from any of ``sources`` to ``target``."""

    route: Route
    verb: Verb
    sources: frozenset[State]
    target: State
    sides: frozenset[Side]


def _step(route: Route, verb: Verb, sources: Collection[State], target: State, *sides: Side) -> Step:
    return Step(route, verb, frozenset(sources), target, frozenset(sides))


_S, _V = State, Verb
_ISSUED = {_S.COMMITTEE_ISSUED, _S.REISSUED}
_ON_THE_WAY = {_S.CARRIED, _S.ONLINE_PENDING}
_PERSON, _SB, _SC = Side.PERSON, Side.SENDER_BRANCH, Side.SENDER_COMMITTEE
_RB, _RC = Side.RECEIVER_BRANCH, Side.RECEIVER_COMMITTEE


def _leaving(route: Route) -> Iterator[Step]:
    """Yield the steps that every way out of a branch begins with."""
    yield _step(route, _V.CHECK, {_S.REQUESTED}, _S.BRANCH_CHECKED, _SB)
    yield _step(route, _V.REJECT, {_S.REQUESTED}, _S.REJECTED, _SB)
    yield _step(route, _V.WITHDRAW, {_S.REQUESTED}, _S.WITHDRAWN, _PERSON, _SB)
    yield _step(route, _V.WITHDRAW, {_S.BRANCH_CHECKED}, _S.WITHDRAWN, _SB)


def _by_letter(route: Route) -> Iterator[Step]:
    """Yield the steps of the committee that issues the letter."""
    yield _step(route, _V.ISSUE, {_S.BRANCH_CHECKED}, _S.COMMITTEE_ISSUED, _SC)
    yield _step(route, _V.REJECT, {_S.BRANCH_CHECKED}, _S.REJECTED, _SC)
    yield _step(route, _V.EXPIRE, LETTER_OUT, _S.EXPIRED, Side.CLOCK)
    yield _step(route, _V.REISSUE, {_S.EXPIRED}, _S.REISSUED, _SC)
    yield _step(route, _V.WITHDRAW, LETTER_OUT | {_S.EXPIRED}, _S.WITHDRAWN, _SC)


STEPS: tuple[Step, ...] = (
    # Within one committee: the lighter move, no letter.
    *_leaving(Route.WITHIN),
    _step(Route.WITHIN, _V.ACCEPT, {_S.BRANCH_CHECKED}, _S.ACCEPTED, _RB),
    _step(Route.WITHIN, _V.REJECT, {_S.BRANCH_CHECKED}, _S.REJECTED, _RB),
    # Between two committees of the university: all four sides act, the portal carries the letter.
    *_leaving(Route.BETWEEN),
    *_by_letter(Route.BETWEEN),
    _step(Route.BETWEEN, _V.RECEIVE, _ISSUED, _S.ONLINE_PENDING, _RC),
    _step(Route.BETWEEN, _V.REJECT, _ISSUED, _S.REJECTED, _RC),
    _step(Route.BETWEEN, _V.ACCEPT, {_S.ONLINE_PENDING}, _S.ACCEPTED, _RB),
    _step(Route.BETWEEN, _V.REJECT, {_S.ONLINE_PENDING}, _S.REJECTED, _RB),
    # Out: the receiver is outside; the committee that issued the letter records the receipt.
    *_leaving(Route.OUT),
    *_by_letter(Route.OUT),
    _step(Route.OUT, _V.HAND_OVER, _ISSUED, _S.CARRIED, _SC),
    _step(Route.OUT, _V.SEND, _ISSUED, _S.ONLINE_PENDING, _SC),
    # A receipt may come back after the letter has run out; the day of acceptance is what counts.
    _step(Route.OUT, _V.ACCEPT, _ON_THE_WAY | {_S.EXPIRED}, _S.ACCEPTED, _SC),
    _step(Route.OUT, _V.REJECT, _ON_THE_WAY | {_S.EXPIRED}, _S.REJECTED, _SC),
    # In: the letter is another's; the branch checks letter and file, the committee accepts.
    _step(Route.IN, _V.CHECK, {_S.REQUESTED, _S.REISSUED}, _S.BRANCH_CHECKED, _RB),
    _step(Route.IN, _V.REJECT, {_S.REQUESTED, _S.REISSUED}, _S.REJECTED, _RB),
    _step(Route.IN, _V.ACCEPT, {_S.BRANCH_CHECKED}, _S.ACCEPTED, _RC),
    _step(Route.IN, _V.REJECT, {_S.BRANCH_CHECKED}, _S.REJECTED, _RC),
    _step(Route.IN, _V.EXPIRE, {_S.REQUESTED, _S.REISSUED, _S.BRANCH_CHECKED}, _S.EXPIRED, Side.CLOCK),
    _step(Route.IN, _V.REISSUE, {_S.EXPIRED}, _S.REISSUED, _RB),
    _step(Route.IN, _V.WITHDRAW, {_S.REQUESTED, _S.REISSUED, _S.EXPIRED}, _S.WITHDRAWN, _RB),
    _step(Route.IN, _V.WITHDRAW, {_S.REQUESTED}, _S.WITHDRAWN, _PERSON),
)

# What brings a transfer on, as opposed to what ends it.
ONWARD = frozenset({_V.CHECK, _V.ISSUE, _V.HAND_OVER, _V.SEND, _V.RECEIVE, _V.ACCEPT, _V.REISSUE})


def allowed(route: str, state: str, sides: Collection[Side]) -> list[Verb]:
    """Return the verbs that whoever stands on ``sides`` may use now, those that bring it on first."""
    found = {
        step.verb for step in STEPS if step.route == route and state in step.sources and step.sides & frozenset(sides)
    }
    return sorted(found, key=lambda verb: (verb not in ONWARD, list(Verb).index(verb)))


def step_of(route: str, state: str, verb: str) -> Step | None:
    """Return the transition of ``verb`` from ``state``, or ``None`` when there is none."""
    return next((s for s in STEPS if s.route == route and s.verb == verb and state in s.sources), None)


def steps_of(route: str, state: str, verb: str) -> list[Step]:
    """Return every transition of ``verb`` from ``state``: the person and the branch may take the same one."""
    return [s for s in STEPS if s.route == route and s.verb == verb and state in s.sources]


def turn_of(route: str, state: str) -> frozenset[Side]:
    """Return whose turn it is: the sides that can bring the transfer on; empty when it is closed."""
    return frozenset(
        side for s in STEPS if s.route == route and state in s.sources and s.verb in ONWARD for side in s.sides
    )


def turns(side: Side) -> list[tuple[Route, frozenset[State]]]:
    """Return on which route and in which states it is the turn of ``side``."""
    return [
        (route, states)
        for route in Route
        if (states := frozenset(state for state in State if side in turn_of(route, state)))
    ]


class Answering(models.TextChoices):
    """Who answers for the person (DJ art. 25)."""

    SENDER = "sender", _("the sender")
    RECEIVER = "receiver", _("the receiver")


def answers_for(state: str, accepted_on: date | None, *, on: date) -> Answering:
    """Say which side answers for the person on day ``on``: the sender until the day the receiver accepts (DJ art. 25).

    A transfer that was rejected, withdrawn or has run out changes nothing: the sender goes on answering.
    """
    if state == State.ACCEPTED and accepted_on is not None and accepted_on <= on:
        return Answering.RECEIVER
    return Answering.SENDER
