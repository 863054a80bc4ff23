"""Forms about a record that is there: its correction, its taking back, a paper that came later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.files.models import Kind

from ..engine.vocabulary import PAPER_LABELS
from ..models import StepRecord
from .base import RecordForm, day
from .kinds import FORMS

REASON_MAX = StepRecord._meta.get_field("reason").max_length


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the file with the record."),
    )


def correcting_form(kind: str) -> type[RecordForm]:
    """Return the form of ``kind`` with the reason of the correction."""
    return type(f"Correcting{FORMS[kind].__name__}", (FORMS[kind],), {"reason": _reason()})


class AnnulForm(forms.Form):
    reason = _reason()


class PaperForm(KeptFilesMixin, forms.Form):
    """A paper that comes after its record; one that bears nothing is no paper."""

    kind = forms.ChoiceField(label=_("Paper"))
    dated_on = day(_("Date on the paper"), required=False)
    is_signed = forms.BooleanField(label=_("It is signed"), required=False)
    file = KeptFileField(kind=Kind.SCAN, label=_("Scan or photograph"), required=False)

    def __init__(self, *args: Any, kinds: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(code, PAPER_LABELS[code]) for code in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("dated_on") or data.get("is_signed") or data.get("file")):
            raise forms.ValidationError(_("Give the date on the paper, or its scan."))
        return data
