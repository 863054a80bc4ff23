"""Forms about people: filters, the archive, placement, revealing, corrections, photo and documents."""

from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.policy import duty_scope, scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, Standing
from portal.web.forms import DayInput, FilterForm

from .codes import PersonKind
from .fields import ARCHIVE_FIELDS, GROUPS, SENSITIVE
from .models import CorrectionState, DocumentKind, Member

# Of the archive, what the person asks to have corrected; the name and the number belong to the account.
_CORRECTABLE = [name for name in ARCHIVE_FIELDS if name != "notes"]


class MemberFilterForm(FilterForm):
    """Filters of the list of people; they live in the address. An unknown value filters nothing."""

    same_for_all = True

    words = forms.CharField(label=_("Name or number"), max_length=60, required=False)
    standing = forms.ChoiceField(label=_("Standing"), choices=[("", _("all")), *Standing.choices], required=False)
    kind = forms.ChoiceField(label=_("Kind of person"), choices=[("", _("all")), *PersonKind.choices], required=False)
    on = forms.DateField(label=_("As of"), widget=DayInput, required=False)
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization"), widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = scope(by, "view", Organization)


class ArchiveForm(forms.ModelForm):
    """The archive for those who keep it; sensitive fields are never sent out: what is typed replaces what is stored."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    erase = forms.MultipleChoiceField(
        label=_("Erase what is stored"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Member
        fields = ARCHIVE_FIELDS
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, instance: Member, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.stored = {name: getattr(instance, name) for name in SENSITIVE}
        for name, mask in SENSITIVE.items():
            label = self.fields[name].label
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
            )
            self.initial[name] = ""
            if self.stored[name]:
                self.fields[name].help_text = _("Stored: %(masked)s. Leave empty to keep it.") % {
                    "masked": mask(self.stored[name])
                }
        self.fields["erase"].choices = [
            (name, self.fields[name].label) for name in SENSITIVE if self.stored[name]
        ]
        if not self.fields["erase"].choices:
            del self.fields["erase"]
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DayInput()
        self.initial["version"] = instance.version

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields under the headings of the collection form."""
        return [(group.label, [self[name] for name in group.fields]) for group in GROUPS]

    def _post_clean(self) -> None:
        """Leave the model's checks to the service, which knows the stored values of the sensitive fields."""

    @property
    def changes(self) -> dict[str, Any]:
        """Return what the person changed; a sensitive field left empty is not a change unless it is to be erased."""
        erased = self.cleaned_data.get("erase", [])
        changed = {name: self.cleaned_data[name] for name in ARCHIVE_FIELDS if name not in SENSITIVE}
        for name in SENSITIVE:
            if self.cleaned_data[name]:
                changed[name] = self.cleaned_data[name]
            elif name in erased:
                changed[name] = ""
        return changed


class MemberCreateForm(forms.Form):
    """A person who is in no roster yet."""

    number = forms.CharField(label=_("student or staff number"), max_length=20)
    name = forms.CharField(label=_("name"), max_length=60)
    email = forms.EmailField(label=_("e-mail address"), required=False)
    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("organization"))
    standing = forms.ChoiceField(label=_("standing"), choices=Standing, initial=Standing.APPLICANT)
    on = forms.DateField(label=_("since"), widget=DayInput, initial=timezone.localdate)
    person_kind = forms.ChoiceField(label=_("kind of person"), choices=PersonKind, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = placeable(by)


class PlaceForm(forms.Form):
    """Where a person belongs from a day on; the standing stays as it is."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("New organization"))
    on = forms.DateField(label=_("From"), widget=DayInput, initial=timezone.localdate)

    def __init__(self, *args: Any, by: User, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = placeable(by).exclude(pk=member.organization_id)


def placeable(by: User) -> Any:
    """Return the open branches and groups on which ``by`` keeps archives."""
    return duty_scope(by, Duty.KEEP_RECORDS).filter(closed_on=None).order_by("path")


class RevealForm(forms.Form):
    """The reason without which no sensitive field is shown."""

    reason = forms.CharField(
        label=_("Why do you need to see it?"),
        help_text=_("The person is told who looked, when, and this reason."),
        max_length=300,
        validators=[MinLengthValidator(4)],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CorrectionForm(forms.Form):
    """What a person finds wrong in the own archive."""

    field = forms.ChoiceField(label=_("What is wrong?"), required=False)
    words = forms.CharField(
        label=_("What should it be, and how do you know?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Do not write your identity number here; say which digits are wrong."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [(name, Member._meta.get_field(name).verbose_name) for name in _CORRECTABLE]
        self.fields["field"].choices = [("", _("Something else")), *labels]


class CorrectionAnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(state.value, state.label) for state in CorrectionState if state != CorrectionState.OPEN],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class PhotoForm(KeptFilesMixin, forms.Form):
    photo = KeptFileField(
        kind="image", label=_("Photo"), required=False, help_text=_("Leave empty to take the present photo out.")
    )


class DocumentForm(KeptFilesMixin, forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind)
    title = forms.CharField(label=_("Title"), max_length=120)
    dated_on = forms.DateField(label=_("Date of the document"), widget=DayInput, required=False)
    file = KeptFileField(kind="scan", label=_("File"))
