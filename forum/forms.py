"""Forms of the forum."""

from secrets import token_hex
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from .models import Post, Thread

_ONCE = RegexValidator(r"^[0-9a-f]{32}$", _("Please reload the page and try again."))


class OnceForm(forms.Form):
    """A form that carries a token, so that sending it twice counts once."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, validators=[_ONCE])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = token_hex(16)

    def clean_token(self) -> str:
        return self.cleaned_data["token"] or token_hex(16)


def _body(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=Post._meta.get_field("body").max_length,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Markdown works: *emphasis*, **strong**, > quotation, lists, links."),
    )


class ThreadForm(OnceForm):
    title = forms.CharField(label=_("Title"), max_length=Thread._meta.get_field("title").max_length)
    body = _body(_("Text"))


class ReplyForm(OnceForm):
    body = _body(_("Your reply"))


class EditForm(forms.Form):
    body = _body(_("Text"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The author can read it."))


class ModerateForm(forms.Form):
    verb = forms.ChoiceField(
        label=_("What to do"),
        choices=[
            ("lock", _("Lock: no more replies")),
            ("unlock", _("Unlock")),
            ("pin", _("Pin to the top")),
            ("unpin", _("Unpin")),
            ("hide", _("Hide from readers")),
            ("restore", _("Show again")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
