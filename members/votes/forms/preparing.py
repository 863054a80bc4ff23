"""Forms on which votes are prepared: one for each purpose."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.meetings.models import AgendaItem
from members.recruitment.engine.steps import STEPS as STEP_TABLE
from members.recruitment.models import Case
from portal.accounts.models import User
from portal.organizations.models import Standing

from ..queries import cases_for, eligible_in
from ..rules import PROPOSED, STEPS, Purpose, form_of, posts_for


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
    standing = ""
    case = CaseChoice(
        Case.objects.none(), label=pgettext_lazy("ballot", "About whom"), empty_label=_("choose …"),
        help_text=_("Each person is discussed and voted on alone."),
    )  # fmt: skip

    def narrow(self) -> None:
        self.fields["case"].queryset = cases_for(self.by, self.item.meeting, self.stages, self.standing)  # type: ignore[attr-defined]

    def title_of(self, name: str) -> str:
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        found = super().values()
        return found | {"title": self.title_of(found["case"].person.name)}


class RecommendationForm(_About):
    stages = ("application", "activist")
    standing = Standing.APPLICANT
    is_secret = forms.BooleanField(label=_("Secret"), required=False, initial=True)

    def title_of(self, name: str) -> str:
        return gettext("Recommendation of %(name)s as activist") % {"name": name}


class NominationForm(_About):
    stages = ("application", "activist")
    standing = Standing.APPLICANT
    is_secret = forms.BooleanField(label=_("Secret"), required=False)

    def title_of(self, name: str) -> str:
        return gettext("Decision on %(name)s as activist") % {"name": name}


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
        help_text=_(
            "With spare candidates there are a fifth more than posts. Voters may elect others too, in place of "
            "candidates whom they vote against."
        ),
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
    Purpose.RECOMMENDATION: RecommendationForm,
    Purpose.NOMINATION: NominationForm,
    Purpose.ADMISSION: AdmissionForm,
    Purpose.CONVERSION: ConversionForm,
    Purpose.REVIEW: ReviewForm,
    Purpose.ELECTION: ElectionForm,
    Purpose.OTHER: OtherForm,
}
