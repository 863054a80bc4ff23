"""Forms of the tree: describe, move and close a node, appoint and dismiss."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.accounts.models import User
from portal.web.forms import DayInput, FilterForm, SeenMixin

from .duties import Post
from .models import Affiliation, AppointmentMode, Organization, OrganizationType
from .rules import may_merge

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


class NodeChoiceField(forms.ModelChoiceField):
    """Nodes in the order of the tree, each indented by its depth."""

    def label_from_instance(self, obj: Organization) -> str:
        return f"{_INDENT * (obj.depth - 1)}{obj}"


class DayForm(FilterForm):
    """The day as of which a page is shown; it lives in the address."""

    same_for_all = True

    on = forms.DateField(label=gettext_lazy("As of"), widget=DayInput, required=False)

    @property
    def day(self) -> date | None:
        """Return the day asked for, or ``None`` when there is none or it is no day."""
        return self.cleaned_data.get("on") if self.is_valid() else None


class OrganizationForm(SeenMixin, forms.ModelForm):
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
    on = forms.DateField(label=gettext_lazy("From"), widget=DayInput, initial=timezone.localdate)


class NodesChoiceField(forms.ModelMultipleChoiceField):
    """Several nodes to tick, each by its full name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Organization) -> str:
        return obj.name


class ReasonForm(forms.Form):
    """The day and the reason of a change that people will look up later."""

    on = forms.DateField(
        label=gettext_lazy("From"),
        widget=DayInput,
        initial=timezone.localdate,
        help_text=gettext_lazy("The first day in the new place; today or earlier."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everyone who is signed in can read it on the pages of the organizations."),
    )


class MergeForm(ReasonForm):
    into = NodeChoiceField(
        Organization.objects.none(),
        label=gettext_lazy("Merge it into"),
        help_text=gettext_lazy("Organizations of the same kind that you keep."),
    )
    others = NodesChoiceField(
        Organization.objects.none(), label=gettext_lazy("Merge these into it as well"), required=False
    )
    field_order = ("into", "others", "on", "reason")

    def __init__(self, *args: Any, by: User, node: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [org_type for org_type in OrganizationType if may_merge(node.org_type, org_type)]
        kept = scope(by, "change", Organization).filter(closed_on=None, org_type__in=types).exclude(pk=node.pk)
        for name in ("into", "others"):
            self.fields[name].queryset = kept.order_by("path")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("into") and data["into"] in (data.get("others") or ()):
            self.add_error("others", _("An organization cannot be merged into itself."))
        return data


class PeopleChoiceField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Affiliation) -> str:
        return f"{obj.user.name} ({obj.user.number}) · {obj.get_standing_display()}"


class SplitForm(ReasonForm):
    """The new node, and who goes there: ticked in the list, or by numbers for long lists."""

    name = forms.CharField(
        label=gettext_lazy("Full name of the new organization"),
        max_length=120,
        help_text=gettext_lazy("As on the seal."),
    )
    short_name = forms.CharField(label=gettext_lazy("short name"), max_length=60, required=False)
    code = forms.CharField(label=gettext_lazy("code"), max_length=30)
    org_type = forms.ChoiceField(label=gettext_lazy("type"), choices=OrganizationType)
    approval_doc_no = forms.CharField(
        label=gettext_lazy("number of the approving document"), max_length=60, required=False
    )
    people = PeopleChoiceField(Affiliation.objects.none(), label=gettext_lazy("People who go there"), required=False)
    numbers = forms.CharField(
        label=gettext_lazy("Or their numbers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Student or staff numbers, separated by spaces, commas or lines."),
    )
    field_order = ("name", "short_name", "code", "org_type", "approval_doc_no", "people", "numbers", "on", "reason")

    def __init__(self, *args: Any, by: User, node: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = scope(by, "view", Affiliation).filter(organization=node, until=None)
        self.fields["people"].queryset = here.select_related("user").order_by("user__number")
        self.fields["org_type"].initial = node.org_type

    def clean(self) -> dict[str, Any]:
        """Put the ids of all chosen users into ``people``; numbers of nobody here are named."""
        data = super().clean() or {}
        chosen = {person.user_id for person in data.get("people") or ()}
        if numbers := {number for number in re.split(r"[\s,;，；、]+", data.pop("numbers", "")) if number}:
            here = self.fields["people"].queryset.filter(user__number__in=numbers)
            found = dict(here.values_list("user__number", "user_id"))
            if unknown := sorted(numbers - found.keys()):
                self.add_error(
                    "numbers",
                    ValidationError(
                        _("Nobody here whom you may see has these numbers: %(numbers)s"),
                        params={"numbers": ", ".join(unknown[:20])},
                    ),
                )
            chosen |= set(found.values())
        data["people"] = sorted(chosen)
        return data


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
