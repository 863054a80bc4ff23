"""Forms of cultivation: the editor, the answer, comments, filters, contacts, the showcase."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.access.policy import duty_scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.files.models import Kind
from portal.files.rules import accepted_extensions
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.reviews.rules import State, Visibility
from portal.web.forms import DayInput, FilterForm

from .models import ShowcaseEntry
from .queries.contacts import candidates
from .rules import FIRST_YEAR, LAST_YEAR
from .services.reports import TEXT_MAX

WORDS_MAX = 2000


class ScansInput(forms.ClearableFileInput):
    """Several files at once; a phone offers its camera."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ",".join(["image/*", *accepted_extensions(Kind.SCAN)]), "multiple": True})


class ScansField(forms.FileField):
    """A list of uploads; their content is judged by ``portal.files``."""

    widget = ScansInput

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        sent = data if isinstance(data, (list, tuple)) else [data]
        return [super(ScansField, self).clean(upload, initial) for upload in sent if upload]


class ReportForm(forms.Form):
    """The text of a report; only handing in asks that it be whole."""

    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "data-clean-paste": "", "spellcheck": "true"}),
        help_text=_("One paragraph a line. Text pasted from an office program becomes plain paragraphs."),
    )
    scans = ScansField(
        label=_("Scans or photographs of a handwritten report"),
        required=False,
        help_text=_("Pictures or PDF. They are kept beside the text."),
    )
    draft_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    draft_device = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ScanForm(forms.Form):
    """Files that come after the text, such as the handwritten copy."""

    scans = ScansField(label=_("Scans or photographs"))


class AnswerForm(forms.Form):
    """The reader's words and decision on the version that was shown."""

    words = forms.CharField(
        label=_("Your words to the author"), max_length=WORDS_MAX, widget=forms.Textarea(attrs={"rows": 6})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("accept", _("Accept: the report is locked and filed in the archive")),
            ("return", _("Return for rewriting: say in your words what could be better")),
        ],
    )


class CommentForm(forms.Form):
    """A remark on one paragraph."""

    paragraph = forms.IntegerField(min_value=1, max_value=5000, widget=forms.HiddenInput)
    quote = forms.CharField(label=_("Quoted passage"), max_length=300, required=False)
    body = forms.CharField(label=_("Comment"), max_length=WORDS_MAX, widget=forms.Textarea(attrs={"rows": 4}))
    visibility = forms.ChoiceField(
        label=_("Who sees it"),
        choices=[(value, label) for value, label in Visibility.choices if value != Visibility.ALL],
    )


class ReportFilterForm(FilterForm):
    """Filters of the list of reports; they live in the address. An unknown value filters nothing."""

    same_for_all = True

    words = forms.CharField(label=_("Name, number or code"), max_length=60, required=False)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    quarter = forms.TypedChoiceField(
        label=_("Quarter"), coerce=int, required=False, choices=[("", _("all")), *((n, str(n)) for n in range(1, 5))]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            *((s.value, s.label) for s in (State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED, State.ACCEPTED)),
        ],
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization"), widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = duty_scope(by, Duty.ANSWER_REPORTS)


class ContactForm(forms.Form):
    """Who becomes the contact, and from when."""

    contact = forms.ModelChoiceField(Member.objects.none(), label=_("Full member"))
    since = forms.DateField(
        label=_("From"), widget=DayInput(), localize=False
    )

    def __init__(self, *args: Any, by: User, person: Member, words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = candidates(by, person, words=words)
        self.fields["contact"].queryset = found
        self.fields["contact"].label_from_instance = lambda member: (
            f"{member.user.name} · {member.user.number} · {member.organization}"
        )


class ProposalForm(forms.Form):
    """Why others should read the report."""

    words = forms.CharField(
        label=_("Why it deserves readers"),
        max_length=WORDS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConsentForm(forms.ModelForm):
    """The words and the name under which the author lets others read."""

    is_named = forms.TypedChoiceField(
        label=_("Your name"),
        coerce=lambda value: value == "named",
        widget=forms.RadioSelect,
        choices=[("anonymous", _("Without my name")), ("named", _("With my name"))],
        initial="anonymous",
        help_text=_("Without your name neither name, number nor branch is shown; take out what would tell."),
    )

    class Meta:
        model = ShowcaseEntry
        fields = ["title", "body", "is_named"]
        widgets = {"body": forms.Textarea(attrs={"rows": 18})}

    field_order: Iterable[str] = ["title", "body", "is_named"]
