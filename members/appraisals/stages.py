"""The steps of an appraisal as the page draws them, and what the next one does."""

from typing import Any

from django.utils.translation import gettext as _

from .models import Appraisal
from .rules import ORDER, PeersForm, Stage


def steps_of(appraisal: Appraisal) -> list[dict[str, Any]]:
    """Return every step with its state, its day and a note."""
    here = ORDER.index(Stage(appraisal.state))
    days = {
        Stage.ANNOUNCED: appraisal.announced_on,
        Stage.SELF: appraisal.self_until,
        Stage.BALLOT: appraisal.ballot_on,
        Stage.COMMITTEE: appraisal.decided_on,
        Stage.REPORTED: appraisal.reported_on,
        Stage.CONFIRMED: appraisal.confirmed_on,
        Stage.CLOSED: appraisal.closed_on,
    }
    notes = {
        Stage.SELF: _("handed in by this day"),
        Stage.PEERS: str(PeersForm(appraisal.peers).label),
        Stage.COMMITTEE: _("the committee decides; the counts are only shown to it"),
    }
    is_over = appraisal.state == Stage.CLOSED
    return [
        {
            "label": stage.label,
            "state": "done" if place < here or is_over else "current" if place == here else "later",
            "on": days.get(stage),
            "note": notes.get(stage, ""),
            "url": "",
        }
        for place, stage in enumerate(ORDER)
    ]


def advance_words(appraisal: Appraisal) -> tuple[str, list[str]]:
    """Return what the button of the next step is called and what it does."""
    peers_open = appraisal.peers != PeersForm.SPOKEN
    said = {
        Stage.ANNOUNCED: (
            _("Begin the self-appraisals"),
            [_("Every participant is asked to write and hand in a self-appraisal.")],
        ),
        Stage.SELF: (
            _("Go on to the mutual appraisal"),
            [
                _("The secret mutual appraisal opens; grades are kept in counters alone.")
                if peers_open
                else _("Members appraise each other in the meeting; nothing opens in the portal.")
            ],
        ),
        Stage.PEERS: (
            _("Open the ballot of the branch"),
            [
                *([_("The mutual appraisal closes and is counted.")] if peers_open else []),
                _("Self-appraisals can no longer be changed."),
                _("Who belongs to the branch now settles from how many the share of excellent is taken."),
                _("Every elector is told; the ballot is secret."),
                *(
                    [_("It opens to those who have checked in to the meeting; half of all with a vote must be there.")]
                    if appraisal.meeting_id is not None
                    else []
                ),
            ],
        ),
        Stage.BALLOT: (
            _("Close the ballot and count"),
            [_("Nobody can vote afterwards."), _("The counts are shown to the committee, as far as enough took part.")],
        ),
    }
    return said.get(Stage(appraisal.state), ("", []))
