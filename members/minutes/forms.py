"""Forms of minutes, addenda, resolutions and of finding them again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.meetings.models import MeetingKind
from portal.access.policy import duty_scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.organizations.duties import Duty
from portal.organizations.forms import NodeChoiceField
from portal.organizations.models import Organization
from portal.web.forms import DayInput, FilterForm

from .models import Disclosure, Minutes, Readers, ResolutionState
from .services.writing import GIST_MAX, SPEECHES_MAX

SPARE_ROWS = 3
YEARS_BACK = 12
_ROW = re.compile(r"(?:gist|speaker)_([0-9]{1,3})")


class SpeakerInput(forms.TextInput):
    """A name typed or taken from those who were there."""

    def __init__(self) -> None:
        super().__init__(attrs={"list": "speakers", "autocomplete": "off"})


class BegunFrom(forms.TextInput):
    """A number that nobody sees; unlike a field of the type hidden it is saved with the draft."""

    def __init__(self) -> None:
        super().__init__(attrs={"hidden": True, "readonly": True, "autocomplete": "off"})


def _speaker() -> forms.CharField:
    return forms.CharField(label=_("Speaker"), required=False, max_length=100, widget=SpeakerInput)


def _gist() -> forms.CharField:
    return forms.CharField(
        label=_("What was said, in short"),
        required=False,
        max_length=GIST_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MinutesForm(forms.Form):
    """What the recorder writes; as many rows for speeches as there are, and some to spare."""

    decisions = forms.CharField(
        label=_("Decisions"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the meeting decided or resolved, in its own words."),
    )
    dissent = forms.CharField(
        label=_("Dissent"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Opinions that differed, and whose they were."),
    )
    remarks = forms.CharField(
        label=_("Remarks"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    disclosure = forms.ChoiceField(
        label=_("What the organization learns once the minutes are sealed"), choices=Disclosure
    )
    # Kept in the draft beside the text, as no hidden field is: which minutes the text was begun from.
    version = forms.IntegerField(widget=BegunFrom, min_value=1, max_value=2_000_000_000)

    def __init__(self, *args: Any, minutes: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if minutes.readers == Readers.KEEPERS:
            self.fields["disclosure"].choices = [(Disclosure.NONE.value, Disclosure.NONE.label)]
        self.rows = min(self._rows(minutes) + (0 if self.is_bound else SPARE_ROWS), SPEECHES_MAX)
        for number in range(self.rows):
            self.fields[f"speaker_{number}"], self.fields[f"gist_{number}"] = _speaker(), _gist()

    def _rows(self, minutes: Minutes) -> int:
        """Return how many rows were sent, or how many there are up to the last that holds something."""
        sent: Mapping[str, Any] = self.data if self.is_bound else self.initial
        kept = [name for name, value in sent.items() if self.is_bound or str(value).strip()]
        numbers = [int(found[1]) + 1 for name in kept if (found := _ROW.fullmatch(name))]
        return max([*numbers, 0 if self.is_bound else len(minutes.speeches)], default=0)

    @property
    def speeches(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"speaker_{number}"], self[f"gist_{number}"]) for number in range(self.rows)]

    @property
    def spare_speaker(self) -> forms.BoundField:
        """Return the model of a further row, as a page puts it in place: ``__n__`` stands for its number."""
        return forms.BoundField(self, _speaker(), "speaker___n__")

    @property
    def spare_gist(self) -> forms.BoundField:
        return forms.BoundField(self, _gist(), "gist___n__")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        speeches = []
        for number in range(self.rows):
            person, gist = data.pop(f"speaker_{number}", ""), data.pop(f"gist_{number}", "")
            if gist and not person:
                self.add_error(f"speaker_{number}", _("Who said this?"))
            elif person and not gist:
                self.add_error(f"gist_{number}", _("What was said?"))
            elif gist:
                speeches.append({"person": person, "gist": gist})
        data["speeches"] = speeches
        return data


def initial_of(minutes: Minutes) -> dict[str, Any]:
    """Return the fields of ``MinutesForm`` as the minutes stand."""
    found: dict[str, Any] = {
        "decisions": minutes.decisions,
        "dissent": minutes.dissent,
        "remarks": minutes.remarks,
        "disclosure": minutes.disclosure,
        "version": minutes.version,
    }
    for number, row in enumerate(minutes.speeches):
        found[f"speaker_{number}"], found[f"gist_{number}"] = row["person"], row["gist"]
    return found


class FilesForm(KeptFilesMixin, forms.Form):
    """Pictures and papers of the meeting."""

    pictures = KeptFileField(kind="image", multiple=True, label=_("Pictures"), required=False)
    papers = KeptFileField(kind="attachment", multiple=True, label=_("Papers"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("pictures") and not data.get("papers"):
            raise forms.ValidationError(_("Choose at least one file."))
        return data


class ConfirmForm(forms.Form):
    """The sign of what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)


class AddendumForm(forms.Form):
    words = forms.CharField(
        label=_("What is added or corrected"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("For example: the count of votes was copied wrongly.")
    )


class ResolutionForm(forms.Form):
    words = forms.CharField(label=_("Resolution"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ModelChoiceField(queryset=None, label=_("Who sees to it"))
    due_on = forms.DateField(label=_("Due on"), widget=DayInput)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        field.queryset = owners
        field.label_from_instance = _named


def _named(user: User) -> str:
    return f"{user.name} ({user.number})"


class ChangeForm(forms.Form):
    """Who sees to a resolution from now on, and until when."""

    owner = forms.ModelChoiceField(queryset=None, label=_("Who sees to it"))
    due_on = forms.DateField(label=_("Due on"), widget=DayInput)
    words = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stays with the resolution as a note. The sealed minutes are not changed by it."),
    )  # fmt: skip

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        field.queryset = owners
        field.label_from_instance = _named


class NoteForm(forms.Form):
    words = forms.CharField(
        label=_("How it goes on"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(forms.Form):
    state = forms.ChoiceField(
        label=_("How does it end?"),
        widget=forms.RadioSelect,
        choices=[(state.value, state.label) for state in (ResolutionState.DONE, ResolutionState.DROPPED)],
    )
    words = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What came of it; for one that is dropped, why."),
    )


def _places(by: AnyUser) -> Any:
    seen = duty_scope(by, Duty.SEE_MEETINGS) | duty_scope(by, Duty.HOLD_MEETINGS)
    return seen.filter(closed_on=None).order_by("path").distinct()


def _any(choices: Iterable[tuple[str, Any]] | Any, label: Any) -> Sequence[tuple[str, Any]]:
    return [("", label), *choices]


class MinutesFilterForm(FilterForm):
    """What is looked for; lives in the address."""

    words = forms.CharField(label=_("Words in the minutes"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_any(MeetingKind.choices, _("all kinds")))
    organization = NodeChoiceField(queryset=None, label=_("Organization"), required=False, empty_label=_("all"))
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput)
    person = forms.CharField(
        label=_("Person (name or number)"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("who"),
        required=False,
        choices=[
            ("", _("had any part")),
            ("chaired", _("chaired")),
            ("recorded", _("recorded")),
            ("attended", _("was there")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("sealed", _("sealed")), ("open", _("not sealed yet"))],
    )

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = _places(by)
        self.fields["organization"].queryset = places

    def clean_words(self) -> str:
        return str(self.cleaned_data["words"]).replace("\0", "").strip()


class YearForm(FilterForm):
    """Which year is looked at; lives in the address."""

    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(str(year), str(year)) for year in range(this_year - 1, this_year - YEARS_BACK, -1)]
        self.fields["year"].choices = _any(years, str(this_year))


class ResolutionFilterForm(FilterForm):
    words = forms.CharField(label=_("Words, or the owner's name"), required=False, max_length=60)
    organization = NodeChoiceField(
        queryset=Organization.objects.none(), label=_("Organization"), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("late", _("overdue")), *ResolutionState.choices],
    )
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("everybody's")), ("mine", _("mine"))]
    )

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = _places(by)
