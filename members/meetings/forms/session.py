"""Forms of the day: a typed code, the chair's list, and what was made up."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .planning import CLOCK_FORMATS, clock


class CodeForm(forms.Form):
    """The six digits beside the picture; spaces between them are no mistake."""

    code = forms.CharField(
        label=_("Code on the screen"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false",
                "class": "code-input", "placeholder": "000 000",
            }
        ),
        help_text=_("Six digits, changing every 15 seconds."),
        error_messages={"required": _("Type the six digits that the screen shows.")},
    )  # fmt: skip

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise forms.ValidationError(_("Type the six digits that the screen shows."))
        return code


class CloseForm(forms.Form):
    """When a sitting was over that nobody closed in time."""

    ended = forms.TimeField(
        label=_("Ended at"),
        required=False,
        widget=clock(),
        input_formats=CLOCK_FORMATS,
        help_text=_("Hours and minutes, as on the clock in the hall. Empty: now."),
    )


class MakeUpForm(forms.Form):
    words = forms.CharField(
        label=_("How it was made up"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: read the minutes and the lecture, and spoke with the secretary."),
    )
