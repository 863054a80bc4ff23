"""Forms of the tree: describe, move and close a node, appoint and dismiss."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.accounts.models import User

from .duties import Post
from .models import AppointmentMode, Organization, OrganizationStatus

DESCRIPTION = (
    "org_type",
    "name",
    "short_name",
    "code",
    "established_on",
    "approval_doc_no",
    "term_started_on",
    "term_years",
    "can_approve_members",
    "host_unit",
)


_INDENT = "\u3000"


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class NodeChoiceField(forms.ModelChoiceField):
    """Nodes in the order of the tree, each indented by its depth."""

    def label_from_instance(self, obj: Organization) -> str:
        return f"{_INDENT * (obj.depth - 1)}{obj}"


class DayForm(forms.Form):
    """The day as of which a page is shown; it lives in the address."""

    on = forms.DateField(label=gettext_lazy("As of"), widget=DayInput, required=False)

    @property
    def day(self) -> date | None:
        """Return the day asked for, or ``None`` when there is none or it is no day."""
        return self.cleaned_data.get("on") if self.is_valid() else None


class OrganizationForm(forms.ModelForm):
    class Meta:
        model = Organization
        fields = DESCRIPTION
        widgets = {"established_on": DayInput, "term_started_on": DayInput}

    def _post_clean(self) -> None:
        """Leave the model's checks to the service, which makes them once."""


class MoveForm(forms.Form):
    parent = NodeChoiceField(Organization.objects.none(), label=gettext_lazy("Place it under"))

    def __init__(self, *args: Any, by: User, node: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nodes = scope(by, "add", Organization).filter(closed_on=None).exclude(path__startswith=node.path)
        self.fields["parent"].queryset = nodes.order_by("path")


class CloseForm(forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("What happens to it"),
        choices=[(status.value, status.label) for status in (OrganizationStatus.MERGED, OrganizationStatus.DISSOLVED)],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=gettext_lazy("From"), widget=DayInput, initial=timezone.localdate)


class AppointForm(forms.Form):
    person = forms.CharField(
        label=gettext_lazy("Person"),
        max_length=60,
        help_text=gettext_lazy("Student or staff number, or the name when only one person has it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "people", "data-suggest": "people"}),
    )
    post = forms.ChoiceField(label=gettext_lazy("Post"), choices=Post)
    mode = forms.ChoiceField(
        label=gettext_lazy("How it came about"), choices=AppointmentMode, initial=AppointmentMode.APPOINTED
    )
    on = forms.DateField(label=gettext_lazy("From"), widget=DayInput, initial=timezone.localdate)
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("The last day; leave empty when it is open."),
    )
    approval_doc_no = forms.CharField(
        label=gettext_lazy("number of the approving document"), max_length=60, required=False
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_person(self) -> User:
        """Return the one person meant, among those whom the appointer may see."""
        words = self.cleaned_data["person"].strip()
        seen = scope(self.by, "view", User).filter(is_active=True)
        found = list(seen.filter(number=words)[:1]) or list(seen.filter(name=words).order_by("number")[:6])
        if not found:
            raise ValidationError(_("Nobody you may see has this number or name."))
        if len(found) > 1:
            numbers = ", ".join(person.number for person in found)
            raise ValidationError(
                _("Several people have this name. Write the number: %(numbers)s"), params={"numbers": numbers}
            )
        return found[0]


class DismissForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Last day in office"), widget=DayInput, initial=timezone.localdate)
