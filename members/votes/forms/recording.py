"""What a ballot itself does not know and a case of recruitment asks, by what the vote was about."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.codes import PoliticalStatus
from portal.web.forms import DayInput

from ..models import MeetingVote
from ..queries import recommended_on
from ..rules import Purpose
from .leading import StepForm, number_field


def _signed(words: Any) -> forms.BooleanField:
    return forms.BooleanField(label=_("The papers are printed and signed"), required=False, help_text=words)


class NominationRecordForm(StepForm):
    """Who put the applicant forward whom the committee has decided on."""

    by_league = forms.TypedChoiceField(
        label=_("Put forward by"),
        coerce=lambda value: value == "True",
        choices=[("False", _("members of the branch")), ("True", _("the league"))],
        widget=forms.RadioSelect,
        help_text=_("Members of the league under twenty-eight are nominated by the league."),
    )
    recommended_on = forms.DateField(label=_("Recommended or nominated on"), widget=DayInput)
    is_signed = _signed(_("The form of recommendation and the minutes of the committee."))

    def narrow(self) -> None:
        case = self.vote.subject_case
        if case is None:
            return
        day = recommended_on(case)
        self.fields["recommended_on"].initial = day
        is_league_member = case.person.political_status == PoliticalStatus.LEAGUE_MEMBER
        self.fields["by_league"].initial = str(day is None and is_league_member)


class ReviewRecordForm(StepForm):
    opinion = forms.CharField(
        label=_("Opinion of the committee"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    is_signed = _signed(_("The minutes of the committee."))


class ConversionRecordForm(StepForm):
    """Who was there beside the voters."""

    candidate_present = forms.BooleanField(label=_("The candidate was present"), required=False)
    is_signed = _signed(_("The summary of the ballot and the resolution."))

    def narrow(self) -> None:
        case = self.vote.subject_case
        self.fields["candidate_present"].initial = case is not None and case.person.user_id in self.came()

    def came(self) -> set[int]:
        rows = self.vote.meeting.attendances.filter(checked_in_at__isnull=False)
        return set(rows.values_list("user_id", flat=True))


class AdmissionRecordForm(ConversionRecordForm):
    sponsors_present = number_field(_("Sponsors present"))
    field_order = ("candidate_present", "sponsors_present", "is_signed")

    def narrow(self) -> None:
        super().narrow()
        case = self.vote.subject_case
        sponsors = case.sponsors.current().values_list("sponsor__user_id", flat=True) if case else ()
        self.fields["sponsors_present"].initial = len(self.came() & set(sponsors))


RECORD_FORMS: dict[Purpose, type[StepForm]] = {
    Purpose.NOMINATION: NominationRecordForm,
    Purpose.REVIEW: ReviewRecordForm,
    Purpose.ADMISSION: AdmissionRecordForm,
    Purpose.CONVERSION: ConversionRecordForm,
}


def record_form_of(vote: MeetingVote) -> type[StepForm]:
    """Return the form on which the result is recorded; a bare one for a vote that no case knows of."""
    return RECORD_FORMS.get(Purpose(vote.purpose), StepForm)
