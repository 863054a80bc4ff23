"""Forms of the account's own pages."""

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth_forms.LoginForm):
    """Sign in by number or e-mail address; errors never say which of the two was wrong."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Student or staff number, or e-mail address")
        self.fields["login"].max_length = 254
        self.fields["login"].widget = forms.TextInput(
            attrs={
                "autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false", "maxlength": 254,
            }
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs["data-can-show"] = _("Show password")
        self.fields["password"].widget.attrs["data-can-hide"] = _("Hide password")
        self.fields["password"].help_text = ""

    def user_credentials(self) -> dict[str, str]:
        """Name the login once: allauth gives an address twice, and a known one would then cost a second hash."""
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data.get("password", "")}


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
