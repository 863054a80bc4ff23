"""What every step ends with: the row, its history, the trail, and the people who are told."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.web.refusals import RuleError

from .. import notices
from ..models import Event, Transfer
from ..policies import sides_of
from ..queries.people import people_on
from ..rules.states import Side, State, Step, Verb, steps_of, turn_of


def locked(transfer: Transfer) -> Transfer:
    """Hold the row of ``transfer``: two steps at once come one after the other."""
    return Transfer.objects.select_for_update(of=("self",)).with_sides().get(pk=transfer.pk)


def step_for(transfer: Transfer, verb: Verb, *, by: User | None) -> tuple[Step, Side]:
    """Return the step and the side ``by`` takes it from; ``transfer`` is locked.

    Without a person (the schedule, practice data) every side is taken. Raises ``RuleError`` when the state has moved on
    or it is another side's turn.
    """
    steps = steps_of(transfer.route, transfer.state, verb)
    if not steps:
        raise RuleError(
            _("This cannot be done any more: the transfer is now “%(state)s”.")
            % {"state": transfer.get_state_display()},
            code="moved_on",
        )
    mine = frozenset(Side) if by is None else sides_of(by, transfer)
    for step in steps:
        if taken := step.sides & mine:
            return step, sorted(taken)[0]
    raise RuleError(
        _("This step is not yours: it belongs to %(sides)s.")
        % {"sides": ", ".join(side_words(transfer, side) for step in steps for side in sorted(step.sides))},
        code="not_yours",
    )


def side_words(transfer: Transfer, side: Side) -> str:
    """Name a side of a transfer as pages and refusals do."""
    nodes: dict[Side, Any] = {
        Side.SENDER_BRANCH: transfer.organization,
        Side.SENDER_COMMITTEE: transfer.sender_committee,
        Side.RECEIVER_BRANCH: transfer.destination,
        Side.RECEIVER_COMMITTEE: transfer.receiver_committee,
        Side.PERSON: transfer.person.name,
    }
    return str(nodes.get(side) or _("the schedule"))


def settle(
    transfer: Transfer, step: Step, *, side: Side, by: User | None, on: date, words: str = "", **fields: Any
) -> Transfer:
    """Write the state after ``step`` with ``fields``, the event and the trail, and tell whoever must know."""
    before = transfer.state
    transfer.state = step.target
    transfer.changed_on = on
    if not transfer.is_open:
        transfer.closed_on = on
    for name, value in fields.items():
        setattr(transfer, name, value)
    transfer.full_clean()
    transfer.save()
    event = Event.objects.create(
        transfer=transfer, verb=step.verb, state=step.target, side=side, on=on, by=by, words=words
    )
    audit.record(
        f"transfers.{VERB_DONE[step.verb]}",
        transfer,
        by=by,
        about=transfer.person.user,
        at=transfer.organization or transfer.destination,
        changes={"state": [before, transfer.state]},
        reason=words,
    )
    tell(transfer, event)
    return transfer


VERB_DONE = {
    Verb.REQUEST: "requested",
    Verb.CHECK: "checked",
    Verb.ISSUE: "issued",
    Verb.HAND_OVER: "handed_over",
    Verb.SEND: "sent",
    Verb.RECEIVE: "received",
    Verb.ACCEPT: "accepted",
    Verb.REJECT: "rejected",
    Verb.EXPIRE: "expired",
    Verb.REISSUE: "reissued",
    Verb.WITHDRAW: "withdrawn",
}


def tell(transfer: Transfer, event: Event) -> None:
    """Tell the person every step, the next side its turn, and at the end everyone who had a part."""
    params = {
        "name": transfer.person.name,
        "sender": transfer.sender,
        "receiver": transfer.receiver,
        "state": transfer.state,
        "words": event.words,
    }
    done_by = {event.by_id} if event.by_id else set()
    key = f"transfer:{transfer.pk}:{event.pk}"
    post(
        notices.STEP.code,
        key=f"{key}:person",
        recipients={transfer.person.user_id} - done_by,
        params=params,
        url=reverse("members:transfers:my-transfer"),
        by=event.by,
    )
    turn = people_on(transfer, turn_of(transfer.route, transfer.state)) - done_by
    url = transfer.get_absolute_url()
    post(notices.TURN.code, key=f"{key}:turn", recipients=turn, params=params, url=url, by=event.by)
    if not transfer.is_open or transfer.state == State.EXPIRED:
        had_part = {Side.SENDER_BRANCH, Side.SENDER_COMMITTEE}
        if transfer.checked_on is not None or transfer.organization is None:
            had_part |= {Side.RECEIVER_BRANCH, Side.RECEIVER_COMMITTEE}
        others = people_on(transfer, had_part) - done_by - turn
        post(notices.ENDED.code, key=f"{key}:ended", recipients=others, params=params, url=url, by=event.by)


def refuse(gaps: list[Any]) -> None:
    """Raise ``RuleError`` with every gap in words and its article, when there is one."""
    if gaps:
        raise RuleError([with_article(gap) for gap in gaps])


def with_article(gap: Any) -> str:
    if not gap.article:
        return gap.label
    return _("%(words)s (%(article)s)") % {"words": gap.label, "article": gap.article}

