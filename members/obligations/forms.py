"""Forms of the duties: filters of the board, a waiver and its end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .engine.evaluate import Status
from .kinds import DutyKind
from .models import REASON_MAX
from .wording import STATUS_LABELS


class BoardFilterForm(forms.Form):
    """Filters of the board; they live in the address. An unknown value filters nothing."""

    words = forms.CharField(label=_("Name or code"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Duty"), required=False, choices=[("", _("all duties")), *DutyKind.choices])
    status = forms.ChoiceField(
        label=_("How it stands"),
        required=False,
        choices=[("", _("any")), *((str(status), STATUS_LABELS[status]) for status in Status)],
    )
    month = forms.CharField(widget=forms.HiddenInput, required=False)
    node = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """Return the filters that are set, without those that mean nothing."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in ("words", "kind", "status") if self.cleaned_data.get(name)}


class WaiverForm(forms.Form):
    """Why a duty is waived; the branch reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organization reads it beside the light, and it stays in the record."),
    )


class RevokeForm(forms.Form):
    """Why a waiver is taken back."""

    words = forms.CharField(
        label=_("Why it is taken back"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
