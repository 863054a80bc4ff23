"""Forms of the appraisal: announce, write, decide, report, return."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from members.meetings.models import Meeting
from portal.access.policy import duty_scope
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty
from portal.organizations.models import BRANCH_TYPES, Organization
from portal.web.forms import DayInput, FilterForm

from .models import TEXT_MAX, AppraisalPerson
from .rules import Grade, PeersForm, Stage
from .services.changing import REASON_MAX

WORDS_MAX = 1000


def appraising_branches(by: AnyUser) -> Any:
    """Return the open branches whose appraisal somebody may hold."""
    return duty_scope(by, Duty.APPRAISE_MEMBERS).filter(org_type__in=BRANCH_TYPES, closed_on=None)


class AnnounceForm(forms.Form):
    """Which branch and year, until when, and how members appraise each other."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Branch"), empty_label=None)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    self_until = forms.DateField(label=_("Self-appraisals are handed in by"), widget=DayInput)
    ballot_on = forms.DateField(label=_("Day of the ballot"), widget=DayInput)
    peers = forms.ChoiceField(
        label=_("Mutual appraisal"), choices=PeersForm, initial=PeersForm.SPOKEN, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What it is about"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = appraising_branches(by)  # type: ignore[attr-defined]


class SelfForm(forms.Form):
    """One's own year."""

    text = forms.CharField(
        label=_("My self-appraisal"),
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "data-clean-paste": "", "spellcheck": "true"}),
        help_text=_("What you did well, what you lacked, what you will do better. Participants read it."),
    )


class AdvanceForm(forms.Form):
    stage = forms.ChoiceField(choices=Stage, widget=forms.HiddenInput)


class OpinionsForm(forms.Form):
    """The committee's opinion on everybody who gets a grade, a row for each."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Iterable[AppraisalPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = [row for row in people if row.is_graded]
        for row in self.people:
            name = row.user.name
            self.fields[f"grade_{row.pk}"] = forms.ChoiceField(
                label=_("Grade of %(name)s") % {"name": name},
                choices=[("", "–"), *Grade.choices],
                required=False,
                initial=row.grade,
            )
            self.fields[f"words_{row.pk}"] = forms.CharField(
                label=_("Opinion on %(name)s") % {"name": name},
                max_length=WORDS_MAX,
                required=False,
                initial=row.words,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self) -> list[tuple[AppraisalPerson, forms.BoundField, forms.BoundField]]:
        """Return each person with the two fields."""
        return [(row, self[f"grade_{row.pk}"], self[f"words_{row.pk}"]) for row in self.people]


class _MeetingChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        begins = date_format(timezone.localtime(obj.planned_at), "Y-m-d H:i")
        return f"{begins} · {obj.title} · {obj.get_state_display()}"


class MeetingForm(forms.Form):
    """The meeting to come in which an appraisal is held."""

    meeting = _MeetingChoice(
        Meeting.objects.none(), label=_("Meeting"), widget=forms.RadioSelect, empty_label=None, blank=False
    )

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]


class DaysForm(forms.Form):
    self_until = forms.DateField(label=_("Self-appraisals are handed in by"), widget=DayInput)
    ballot_on = forms.DateField(label=_("Day of the ballot"), widget=DayInput)

    def __init__(self, *args: Any, in_meeting: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if in_meeting:
            del self.fields["ballot_on"]


class CallOffForm(forms.Form):
    words = forms.CharField(
        label=_("Why is it taken back?"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReportForm(forms.Form):
    decided_on = forms.DateField(label=_("The committee decided on"), widget=DayInput)


class ReturnForm(forms.Form):
    words = forms.CharField(
        label=_("Why is it returned?"), max_length=WORDS_MAX, widget=forms.Textarea(attrs={"rows": 4})
    )


class EmptyForm(forms.Form):
    """A step that takes nothing but the decision."""


class ListFilterForm(FilterForm):
    """Which appraisals a list shows."""

    same_for_all = True

    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)
    state = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("all")), *Stage.choices])
