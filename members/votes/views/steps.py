"""The steps of the chair: one table of what each asks, does and says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from .. import forms, services


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the chair: its form, its service, what the button says, what the page says before."""

    form: type[forms.StepForm]
    perform: Callable[..., Any]
    label: Promise
    text: Promise
    done: Promise
    danger: bool = False


STEPS: dict[str, Step] = {
    "open": Step(
        forms.StepForm, services.open_vote, gettext_lazy("Open the vote"),
        gettext_lazy("Everybody who may vote and has come in can vote from now on."),
        gettext_lazy("The vote is open."),
    ),
    "admit": Step(
        forms.StepForm, services.admit_latecomers, gettext_lazy("Let latecomers vote"),
        gettext_lazy("Those who have come in since the opening may vote too and count as present."),
        gettext_lazy("They may vote now."),
    ),
    "close": Step(
        forms.StepForm, services.close_vote, gettext_lazy("Close the vote"),
        gettext_lazy("No vote comes in any more; the result is frozen with its arithmetic."),
        gettext_lazy("The vote is closed."),
    ),
    "annul": Step(
        forms.AnnulForm, services.annul_vote, gettext_lazy("Annul the vote"),
        gettext_lazy("What is in the box is thrown away unseen. The vote can be prepared anew."),
        gettext_lazy("The vote is annulled."), True,
    ),
    "written": Step(
        forms.WrittenForm, services.take_written, gettext_lazy("Put in a written opinion"),
        gettext_lazy("The formal opinion of somebody who cannot come. It counts in the vote, not among those present."),
        gettext_lazy("The opinion is in the box."),
    ),
    "papers": Step(
        forms.HandOutForm, services.hand_out_papers, gettext_lazy("Hand out papers"),
        gettext_lazy("For those who do not vote in the portal. Whoever has a paper can no longer vote here."),
        gettext_lazy("Noted. Enter the count when the tellers are done."),
    ),
    "count": Step(
        forms.CountForm, services.count_papers, gettext_lazy("Enter the count of papers"),
        gettext_lazy("What two tellers found in the box; entered again it replaces what was entered before."),
        gettext_lazy("The count is entered."),
    ),
    "record": Step(
        forms.StepForm, services.record_step, gettext_lazy("Record in the case"),
        gettext_lazy("The result is entered in the case with the papers it leaves; the rules are asked again."),
        gettext_lazy("The result is recorded in the case."),
    ),
    "again": Step(
        forms.StepForm, services.hold_again, gettext_lazy("Vote again on the posts left"),
        gettext_lazy("Those who were level stand again; where nobody was, all who were not elected."),
        gettext_lazy("Another vote is prepared."),
    ),
}  # fmt: skip
