"""The way of a transfer as pages draw it: its stages in order, and in plain words what happens next."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Transfer
from .rules.states import Route, State

_S = State
_TRACKS: dict[str, tuple[tuple[frozenset[State], Any], ...]] = {
    Route.WITHIN: (
        (frozenset({_S.REQUESTED}), gettext_lazy("Asked for")),
        (frozenset({_S.BRANCH_CHECKED}), gettext_lazy("Checked by the branch")),
        (frozenset({_S.ACCEPTED}), gettext_lazy("Accepted by the new branch")),
    ),
    Route.BETWEEN: (
        (frozenset({_S.REQUESTED}), gettext_lazy("Asked for")),
        (frozenset({_S.BRANCH_CHECKED}), gettext_lazy("Checked by the branch")),
        (frozenset({_S.COMMITTEE_ISSUED, _S.REISSUED, _S.EXPIRED}), gettext_lazy("Letter issued")),
        (frozenset({_S.ONLINE_PENDING}), gettext_lazy("Received by the committee")),
        (frozenset({_S.ACCEPTED}), gettext_lazy("Accepted by the new branch")),
    ),
    Route.OUT: (
        (frozenset({_S.REQUESTED}), gettext_lazy("Asked for")),
        (frozenset({_S.BRANCH_CHECKED}), gettext_lazy("Checked by the branch")),
        (frozenset({_S.COMMITTEE_ISSUED, _S.REISSUED, _S.EXPIRED}), gettext_lazy("Letter issued")),
        (frozenset({_S.CARRIED, _S.ONLINE_PENDING}), gettext_lazy("On its way to the receiver")),
        (frozenset({_S.ACCEPTED}), gettext_lazy("Receipt came back")),
    ),
    Route.IN: (
        (frozenset({_S.REQUESTED, _S.REISSUED, _S.EXPIRED}), gettext_lazy("Letter registered")),
        (frozenset({_S.BRANCH_CHECKED}), gettext_lazy("Letter and file checked")),
        (frozenset({_S.ACCEPTED}), gettext_lazy("Accepted by the committee")),
    ),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One mark of the stepper component."""

    label: str
    state: str
    on: date | None = None
    note: str = ""
    url: str = ""


def stages(transfer: Transfer, reached: dict[str, date] | None = None) -> list[Stage]:
    """Return the stages of the transfer's route; ``reached`` gives the day of a state by its code.

    One that was rejected or withdrawn shows how far it came.
    """
    track = _TRACKS[transfer.route]
    days = {State.REQUESTED.value: transfer.asked_on} | (reached or {})
    at = next((place for place, (states, _label) in enumerate(track) if transfer.state in states), None)
    if at is None:  # rejected or withdrawn
        passed = [place for place, (states, _label) in enumerate(track) if any(state in days for state in states)]
        at = max(passed, default=0) + 1
    done = transfer.state == State.ACCEPTED
    return [
        Stage(
            str(label),
            "done" if place < at or done else "current" if place == at and transfer.is_open else "later",
            next((days[state] for state in sorted(states) if state in days), None) if place <= at else None,
            _("The letter has run out.") if transfer.state == State.EXPIRED and place == at else "",
        )
        for place, (states, label) in enumerate(track)
    ]


def plain_words(transfer: Transfer) -> str:
    """Say to the person in one or two sentences what happens now and what there is to do."""
    names = {
        "sender": transfer.sender,
        "receiver": transfer.receiver,
        "committee": str(transfer.sender_committee or transfer.outside_committee),
        "receiving": str(transfer.receiver_committee or transfer.outside_committee),
    }
    texts: dict[tuple[str, str], str] = {
        (_S.REQUESTED, ""): _("%(sender)s checks your dues, open matters and file. You need do nothing now."),
        (_S.REQUESTED, Route.IN): _("%(receiver)s checks your letter and file. You need do nothing now."),
        (_S.BRANCH_CHECKED, ""): _("Your branch is done. %(committee)s now writes your letter."),
        (_S.BRANCH_CHECKED, Route.WITHIN): _("Your branch is done. %(receiver)s must now accept you."),
        (_S.BRANCH_CHECKED, Route.IN): _("Your letter and file are checked. %(receiving)s must now accept you."),
        (_S.COMMITTEE_ISSUED, ""): _("Your letter is ready. Fetch it from %(committee)s or ask if it goes online."),
        (_S.COMMITTEE_ISSUED, Route.BETWEEN): _("Your letter is written. %(receiving)s receives it in the portal."),
        (_S.REISSUED, ""): _("A new letter is ready. Fetch it from %(committee)s or ask if it goes online."),
        (_S.REISSUED, Route.BETWEEN): _("A new letter is written. %(receiving)s receives it in the portal."),
        (_S.REISSUED, Route.IN): _("Your new letter is registered. %(receiver)s checks it."),
        (_S.CARRIED, ""): _("Hand the letter in at %(receiver)s before it runs out, and send the receipt back."),
        (_S.ONLINE_PENDING, ""): _("%(receiver)s has it in the member system. Report there to be accepted."),
        (_S.ONLINE_PENDING, Route.BETWEEN): _("%(receiver)s must now accept you. Report there."),
        (_S.EXPIRED, ""): _("Your letter has run out. Tell %(committee)s why; it can issue a new one."),
    }  # fmt: skip
    text = texts.get((transfer.state, transfer.route)) or texts.get((transfer.state, ""), "")
    return text % names
