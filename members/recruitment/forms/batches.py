"""The form of one record made for many people: what is common once, what differs in one row for each person."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Organization
from portal.web.forms import FilterForm

from ..models import BatchKind
from .base import PAPER, Asked, RecordForm
from .kinds import FORMS

_MEETING, _APPROVAL, _FILING, _NOTICE = BatchKind.MEETING, BatchKind.APPROVAL, BatchKind.FILING, BatchKind.NOTICE
# Step and kind of record: on what occasion it is made for several people.
BATCHES: dict[tuple[str, str], BatchKind] = {
    ("nominate", "nomination"): _MEETING,
    ("file_activist", "filing"): _FILING,
    ("cultivate", "inspection"): _MEETING,
    ("propose_target", "opinions"): _MEETING,
    ("propose_target", "review"): _MEETING,
    ("consent_publicity", "consent"): _APPROVAL,
    ("consent_publicity", "publicity"): _NOTICE,
    ("consent_publicity", "publicity_result"): _NOTICE,
    ("training", "training"): BatchKind.TRAINING,
    ("committee_review", "review"): _MEETING,
    ("pre_review", "pre_review"): _APPROVAL,
    ("congress", "publicity"): _NOTICE,
    ("congress", "publicity_result"): _NOTICE,
    ("congress", "ballot"): _MEETING,
    ("approve", "approval"): _APPROVAL,
    ("file_above", "filing"): _FILING,
    ("assign_branch", "assignment"): _MEETING,
    ("oath", "oath"): _MEETING,
    ("probation", "inspection"): _MEETING,
    ("convert_congress", "opinions"): _MEETING,
    ("convert_congress", "publicity"): _NOTICE,
    ("convert_congress", "publicity_result"): _NOTICE,
    ("convert_congress", "review"): _MEETING,
    ("convert_congress", "ballot"): _MEETING,
    ("convert_approve", "approval"): _APPROVAL,
    ("archive", "archive"): _FILING,
}
# A ballot is about one person: nobody enters how many.
_LEFT_OUT = {"ballot": ("candidates",)}
_CLASSES = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}


def common_form(asked: Asked, *args: Any, **kwargs: Any) -> RecordForm:
    """Return the form of what everybody of a batch shares; one scan cannot lie in many files."""
    form = FORMS[asked.kind](*args, asked=asked, **kwargs)
    for name in (*form.own, *_LEFT_OUT.get(asked.kind, ()), *(f"{PAPER}{code}_file" for code in form.codes)):
        form.fields.pop(name, None)
    return form


def row_form(
    asked: Asked, prefix: str, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, is_chosen: bool
) -> RecordForm:
    """Return the form of what differs for one person; whoever is not chosen keeps what was typed, unjudged."""
    typed = {name: data[f"{prefix}-{name}"] for name in FORMS[asked.kind].own if data and f"{prefix}-{name}" in data}
    form = FORMS[asked.kind](
        data if is_chosen else None, asked=asked, with_papers=False, prefix=prefix, initial={**initial, **typed}
    )
    for name in [name for name in form.fields if name not in form.own]:
        del form.fields[name]
    for field in form.fields.values():
        if isinstance(field.widget, forms.RadioSelect):
            field.widget = forms.Select(choices=field.choices)  # type: ignore[attr-defined]
        elif isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 2
        field.widget.attrs["class"] = _CLASSES.get(type(field.widget), "form-control")
    return form


def columns_of(form: RecordForm) -> list[Any]:
    """Return the headings of the rows."""
    return [field.label for field in form.fields.values()]


class PlaceForm(FilterForm):
    """Where the meeting was, or who decided."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Organization"))

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = places  # type: ignore[attr-defined]
