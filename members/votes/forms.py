"""Forms of votes: one for each purpose, one for each step of the chair."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.meetings.models import AgendaItem
from members.recruitment.engine.steps import STEPS as STEP_TABLE
from members.recruitment.models import Case
from portal.accounts.models import User
from portal.ballots.queries import counters_on_paper, electors_left
from portal.ballots.vocabulary import ANSWERS, BallotKind, Way
from portal.web.forms import DayInput

from .models import MeetingVote
from .queries import absent_voters, cases_for, eligible_in, people_here
from .rules import PROPOSED, STEPS, Purpose, form_of, posts_for


def _number(label: Any, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=0, max_value=100_000, widget=widget, **kwargs)


class _Create(forms.Form):
    """What every vote has; ``fields_of`` says what ``services.create_vote`` takes."""

    def __init__(self, *args: Any, item: AgendaItem, purpose: Purpose, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.purpose, self.by = item, purpose, by
        self.form_rule = form_of(purpose, item.part.kind)
        self.narrow()

    def narrow(self) -> None:
        """Bring the choices of this meeting into the fields."""

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class _Titled(_Create):
    title = forms.CharField(label=_("What is voted on"), max_length=200)
    words = forms.CharField(
        label=_("Wording"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As it will stand in the resolution."),
    )  # fmt: skip

    def narrow(self) -> None:
        self.fields["title"].initial = self.item.title


class ResolutionForm(_Titled):
    is_secret = forms.BooleanField(
        label=_("Secret"), required=False, help_text=_("Otherwise everybody here sees who voted how.")
    )


class OtherForm(_Titled):
    options = forms.CharField(
        label=_("Choices"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}), help_text=_("One on each line.")
    )
    seats = forms.IntegerField(label=_("How many are chosen"), min_value=1, max_value=50, initial=1)
    is_secret = forms.BooleanField(label=_("Secret"), required=False, initial=True)

    def clean_options(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        if not 2 <= len(lines) <= 50 or any(len(line) > 160 for line in lines):
            raise forms.ValidationError(_("Give two to fifty choices of at most 160 signs."))
        return lines


class CaseChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Case) -> str:
        return f"{obj.person.name} · {obj.person.user.number}"


class _About(_Create):
    """A vote about one person; their case is one that ``by`` keeps."""

    stages: tuple[str, ...] = ()
    case = CaseChoice(
        Case.objects.none(), label=_("About whom"), empty_label=_("choose …"),
        help_text=_("Each person is discussed and voted on alone."),
    )  # fmt: skip

    def narrow(self) -> None:
        self.fields["case"].queryset = cases_for(self.by, self.item.meeting, self.stages)  # type: ignore[attr-defined]

    def title_of(self, name: str) -> str:
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        found = super().values()
        return found | {"title": self.title_of(found["case"].person.name)}


class AdmissionForm(_About):
    stages = ("admission",)

    def title_of(self, name: str) -> str:
        return gettext("Admission of %(name)s as a probationary member") % {"name": name}


class ConversionForm(_About):
    stages = ("probation",)
    proposed = forms.ChoiceField(label=_("Proposed to the congress"), choices=PROPOSED, widget=forms.RadioSelect)
    months = forms.IntegerField(
        label=_("Extended by months"), min_value=1, max_value=60, required=False,
        help_text=_("Only for an extension: six to twelve months."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("proposed") == "extended" and not data.get("months"):
            self.add_error("months", _("Say by how many months."))
        data["months"] = data.get("months") or 0 if data.get("proposed") == "extended" else 0
        return data

    def title_of(self, name: str) -> str:
        words = {
            "passed": gettext("Conversion of %(name)s to full membership"),
            "extended": gettext("Extension of the probation of %(name)s"),
            "cancelled": gettext("Cancelling the probationary membership of %(name)s"),
        }
        return words[self.cleaned_data["proposed"]] % {"name": name}


class ReviewForm(_About):
    stages = ("activist", "target", "admission", "probation")
    step = forms.ChoiceField(
        label=_("Opinion for"),
        widget=forms.RadioSelect,
        choices=[(code, STEP_TABLE[code].label) for code in STEPS["review"]],
    )
    is_secret = forms.BooleanField(label=_("Secret"), required=False)
    field_order = ("case", "step")

    def title_of(self, name: str) -> str:
        step = STEP_TABLE[self.cleaned_data["step"]].label
        return gettext("%(step)s: %(name)s") % {"step": step, "name": name}


class PeopleChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} · {obj.number}"


class ElectionForm(_Create):
    title = forms.CharField(label=_("What is voted on"), max_length=200)
    post = forms.ChoiceField(label=_("Post"))
    seats = forms.IntegerField(label=_("How many posts"), min_value=1, max_value=15, initial=1)
    rule = forms.ChoiceField(label=_("Rule"), widget=forms.RadioSelect)
    people = PeopleChoice(
        User.objects.none(), label=_("Candidates"),
        help_text=_("With spare candidates there are a fifth more than posts."),
    )  # fmt: skip

    def narrow(self) -> None:
        assert self.form_rule is not None
        self.fields["title"].initial = self.item.title
        posts = posts_for(self.item.meeting.organization.org_type)
        self.fields["post"].choices = [(post.value, post.label) for post in posts]  # type: ignore[attr-defined]
        self.fields["rule"].choices = [(rule.value, rule.label) for rule in self.form_rule.rules]  # type: ignore[attr-defined]
        self.fields["rule"].initial = self.form_rule.rules[0]
        self.fields["people"].queryset = eligible_in(self.item.part)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        found = super().values()
        return found | {"people": list(found["people"])}


FORMS: dict[Purpose, type[_Create]] = {
    Purpose.RESOLUTION: ResolutionForm,
    Purpose.ADMISSION: AdmissionForm,
    Purpose.CONVERSION: ConversionForm,
    Purpose.REVIEW: ReviewForm,
    Purpose.ELECTION: ElectionForm,
    Purpose.OTHER: OtherForm,
}


class StepForm(forms.Form):
    """A step of the chair; most ask nothing but to be confirmed."""

    def __init__(self, *args: Any, vote: MeetingVote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vote = vote
        self.narrow()

    def narrow(self) -> None:
        """Bring the choices of this vote into the fields."""

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

    issued = _number(_("Papers issued"))
    returned = _number(_("Papers returned"))
    void = _number(_("Invalid papers"), initial=0)

    def narrow(self) -> None:
        self.counters = counters_on_paper(self.vote.ballot)
        self.fields["issued"].initial = self.vote.ballot.electors.filter(way=Way.PAPER).count()
        for row in self.counters:
            label = str(row.get_choice_display()) if row.option is None else row.option.title
            if row.option is not None and self.vote.ballot.kind == BallotKind.GRADING:
                label = f"{row.option.title}: {row.get_choice_display()}"
            self.fields[f"count_{row.pk}"] = _number(label, initial=0)
        here = people_here(self.vote.meeting)
        for name, who in (("first", _("First teller")), ("second", _("Second teller"))):
            self.fields[name] = forms.ModelChoiceField(here, label=who, empty_label=_("choose …"))

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "counts": {(row.option_id, row.choice): data[f"count_{row.pk}"] for row in self.counters},
            "issued": data["issued"], "returned": data["returned"], "void": data["void"],
            "tellers": [data["first"], data["second"]],
        }  # fmt: skip


class RecordForm(StepForm):
    """What the ballot itself does not know of a congress or of a committee's opinion."""

    candidate_present = forms.BooleanField(label=_("The candidate was present"), required=False)
    sponsors_present = _number(_("Sponsors present"))
    opinion = forms.CharField(
        label=_("Opinion of the committee"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    is_signed = forms.BooleanField(
        label=_("The papers are printed and signed"), required=False,
        help_text=_("The summary of the ballot and the resolution, or the minutes of the committee."),
    )  # fmt: skip

    def narrow(self) -> None:
        vote = self.vote
        case = vote.subject_case
        if vote.purpose == Purpose.REVIEW:
            del self.fields["candidate_present"], self.fields["sponsors_present"]
            return
        del self.fields["opinion"]
        came = set(vote.meeting.attendances.filter(checked_in_at__isnull=False).values_list("user_id", flat=True))
        self.fields["candidate_present"].initial = case is not None and case.person.user_id in came
        if vote.purpose != Purpose.ADMISSION:
            del self.fields["sponsors_present"]
            return
        sponsors = case.sponsors.current().values_list("sponsor__user_id", flat=True) if case else ()
        self.fields["sponsors_present"].initial = len(came & set(sponsors))


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


