"""Who comes beyond the circle, and who leads."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User

from ..models import Meeting
from ..queries.circles import leaders_for, named

WORDS_MAX = 100


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.number})"


class GuestForm(forms.Form):
    """Somebody from outside the circle, and as what this person comes."""

    person = forms.CharField(
        label=gettext_lazy("Guest"),
        max_length=60,
        help_text=gettext_lazy("Student or staff number, or the name when you may see the person and only one has it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Comes as"),
        max_length=WORDS_MAX,
        help_text=gettext_lazy("For example: representative of the college committee, lecturer."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_person(self) -> User:
        """Return the one person meant."""
        found = named(self.cleaned_data["person"].strip(), by=self.by)
        if not found:
            raise ValidationError(_("Nobody has this number, and nobody you may see has this name."))
        if len(found) > 1:
            numbers = ", ".join(person.number for person in found)
            raise ValidationError(
                _("Several people have this name. Write the number: %(numbers)s"), params={"numbers": numbers}
            )
        return found[0]


class LeadersForm(forms.Form):
    """Chair and recorder."""

    chair = PersonChoice(User.objects.none(), label=gettext_lazy("Chair"))
    recorder = PersonChoice(User.objects.none(), label=gettext_lazy("Recorder"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [part.kind for part in meeting.parts.all()]
        on = timezone.localdate(meeting.planned_at)
        self.fields["chair"].queryset = leaders_for(meeting.organization, kinds, on=on)
        self.fields["recorder"].queryset = leaders_for(meeting.organization, kinds, on=on, recording=True)
