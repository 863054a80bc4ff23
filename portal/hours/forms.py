"""The one question before an entry is annulled."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .services import WORDS_MAX


class AnnulForm(forms.Form):
    words = forms.CharField(
        label=_("Why is the entry annulled?"), max_length=WORDS_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
