"""Forms of the chair: one for each step of a vote."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.ballots.models import Tally
from portal.ballots.queries import counters_on_paper, electors_left
from portal.ballots.vocabulary import ANSWERS, BallotKind, Way
from portal.web.forms import DayInput

from ..models import MeetingVote
from ..queries import absent_voters, people_here
from .preparing import PeopleChoice


def number_field(label: Any, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=0, max_value=100_000, widget=widget, **kwargs)


class StepForm(forms.Form):
    """A step of the chair; most ask nothing but to be confirmed."""

    def __init__(self, *args: Any, vote: MeetingVote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vote = vote
        self.narrow()

    def narrow(self) -> None:
        """Bring the choices of this vote into the fields."""

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        """Return what few people fill in, shown folded below the rest."""
        return []

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class AnnulForm(StepForm):
    reason = forms.CharField(label=_("Why it is annulled"), max_length=300)


class WrittenForm(StepForm):
    user = forms.ModelChoiceField(User.objects.none(), label=_("From whom"), empty_label=_("choose …"))
    answer = forms.ChoiceField(
        label=_("What it says"), choices=[(mark.value, mark.label) for mark in ANSWERS], widget=forms.RadioSelect
    )

    def narrow(self) -> None:
        self.fields["user"].queryset = absent_voters(self.vote)  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = lambda obj: f"{obj.name} · {obj.number}"  # type: ignore[attr-defined]


class HandOutForm(StepForm):
    people = PeopleChoice(
        User.objects.none(), label=_("Who gets a paper"), required=False,
        help_text=_("Mark nobody to give one to everybody present who has not voted."),
    )  # fmt: skip

    def narrow(self) -> None:
        self.fields["people"].queryset = electors_left(self.vote.ballot)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        chosen = [person.pk for person in self.cleaned_data["people"]]
        return {"people": chosen or None}


class CountForm(StepForm):
    """What two tellers found in the box."""

    issued = number_field(_("Papers issued"))
    returned = number_field(_("Papers returned"))
    void = number_field(_("Invalid papers"), initial=0)

    def narrow(self) -> None:
        self.counters = counters_on_paper(self.vote.ballot)
        self.fields["issued"].initial = self.vote.ballot.electors.filter(way=Way.PAPER).count()
        for row in self.counters:
            self.fields[f"count_{row.pk}"] = number_field(self._label_of(row), initial=0)
        stand = self.vote.ballot.options.filter(is_candidate=True, person__isnull=False).values("person")
        here = people_here(self.vote.meeting).exclude(pk__in=stand)
        for name, who in (("first", _("First teller")), ("second", _("Second teller"))):
            self.fields[name] = forms.ModelChoiceField(here, label=who, empty_label=_("choose …"))

    def _label_of(self, row: Tally) -> str:
        if row.option is None:
            return str(row.get_choice_display())
        is_marked_in_ways = self.vote.ballot.kind in (BallotKind.GRADING, BallotKind.ELECTION)
        if not row.option.is_candidate or not is_marked_in_ways:
            return row.option.title
        return gettext("%(step)s: %(name)s") % {"step": row.option.title, "name": row.get_choice_display()}

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        """Return the counts of those who do not stand and may be written in: most stay nought."""
        names = {f"count_{row.pk}" for row in self.counters if row.option and not row.option.is_candidate}
        return [field for field in self if field.name in names]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        folded = {field.name for field in self.folded_fields}
        return [field for field in self if field.name not in folded]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "counts": {(row.option_id, row.choice): data[f"count_{row.pk}"] for row in self.counters},
            "issued": data["issued"], "returned": data["returned"], "void": data["void"],
            "tellers": [data["first"], data["second"]],
        }  # fmt: skip


class ApproveForm(StepForm):
    on = forms.DateField(label=_("Approved on"), widget=DayInput)
    until = forms.DateField(
        label=_("Posts end on"), required=False, widget=DayInput, help_text=_("Empty: until they are ended.")
    )
    number = forms.CharField(label=_("Number of the reply"), max_length=60, required=False)
    is_term = forms.TypedChoiceField(
        label=_("Kind of election"),
        coerce=lambda value: value == "True",
        choices=[("True", _("term election: present holders step down")), ("False", _("by-election: posts are added"))],
        widget=forms.RadioSelect,
        initial="True",
    )
