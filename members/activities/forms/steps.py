"""The answer to a plan, enrolment, what is handed in, the desk, the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.files.models import Kind
from portal.web.forms import FilterForm

from ..models import Activity, ActivityKind
from ..models.activity import LIMIT_MAX, WORDS_MAX
from ..models.taking_part import TEXT_MAX
from ..services.attendance import WALKED_IN_MAX
from ..services.changing import REASON_MAX
from ..services.holding import PICTURES_MAX
from .fields import MomentField, PeopleField

ANSWER_MAX = 500


class SubmitForm(forms.Form):
    """The last look is the form."""


class AnswerForm(forms.Form):
    """The answer to a plan that was read in a certain version."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("approve", _("Approve: people can enrol")), ("return", _("Return for changes"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Words to whoever started it"), max_length=ANSWER_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Needed when you return it."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "return" and not (data.get("words") or "").strip() and "words" not in self.errors:
            self.add_error("words", _("Say what should be changed."))
        return data


class RuleForm(forms.Form):
    is_needed = forms.ChoiceField(
        label=_("Activities of this organization and below"),
        choices=[
            ("", _("as the organization above says; where none says, an approval is needed")),
            ("yes", _("need an approval")),
            ("no", _("need no approval")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )


class EnrolForm(forms.Form):
    """Enrolling; in a team if the activity has teams."""

    team = forms.CharField(
        label=_("Team"), max_length=40, required=False,
        help_text=_("The name of a team to join, or of a new one. Empty: alone for now."),
    )  # fmt: skip

    def __init__(self, *args: Any, activity: Activity, teams: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if activity.team_size is None:
            del self.fields["team"]
        self.teams = teams


class TeamForm(forms.Form):
    team = forms.CharField(
        label=_("Team"), max_length=40, required=False,
        help_text=_("The name of a team to join, or of a new one. Empty: you go on alone."),
    )  # fmt: skip


class AttendanceForm(forms.Form):
    """Who was there beyond those on the list; the ticks of the list are sent beside it."""

    more = PeopleField(
        most=WALKED_IN_MAX,
        label=_("Others who came"),
        help_text=_("Student or staff numbers of people who came without enrolling, one a line."),
    )
    seen = forms.CharField(max_length=16, required=False, empty_value=None, widget=forms.HiddenInput)


class ContributionForm(KeptFilesMixin, forms.Form):
    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(
        label=_("Text"), max_length=TEXT_MAX, required=False, widget=forms.Textarea(attrs={"rows": 14})
    )
    file = KeptFileField(
        kind=Kind.ATTACHMENT, label=_("File"), required=False, help_text=_("Word, PDF, presentation, sheet.")
    )


class AdjustForm(forms.Form):
    """What may change after an approval."""

    begins_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    online_url = forms.URLField(
        label=_("Link of the online meeting"), max_length=300, required=False, assume_scheme="https"
    )
    limit = forms.IntegerField(
        label=_("Number of places"), min_value=1, max_value=LIMIT_MAX, required=False, help_text=_("Empty: no limit.")
    )


class CancelForm(forms.Form):
    words = forms.CharField(
        label=_("Why is it called off?"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone who is enrolled or waits reads this."),
    )  # fmt: skip


class PicturesForm(KeptFilesMixin, forms.Form):
    pictures = KeptFileField(
        kind=Kind.IMAGE, multiple=True, limit=PICTURES_MAX, label=_("Pictures"),
        help_text=_("JPEG, PNG or WebP. Show nobody who does not want to be shown."),
    )  # fmt: skip


class FinishForm(forms.Form):
    story = forms.CharField(
        label=_("How it went"), max_length=WORDS_MAX, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Stands on the page of the activity and in the stream of the organization."),
    )  # fmt: skip


class EmptyForm(forms.Form):
    """A question that is answered by sending it."""


class ActivityFilterForm(FilterForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *ActivityKind.choices], required=False)
    when = forms.ChoiceField(
        label=_("When"),
        choices=[
            ("", _("coming")), ("week", _("within a week")), ("month", _("within a month")), ("past", _("past")),
        ],
        required=False,
    )  # fmt: skip
    words = forms.CharField(label=_("Words in it"), max_length=60, required=False)
    open = forms.BooleanField(label=_("Open for enrolment"), required=False)
