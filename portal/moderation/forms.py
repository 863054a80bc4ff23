"""Forms around reports: why something is reported, what is decided, why it should be looked at again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Flag, FlaggedContent, Reason, State


class FlagForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong with it?"), choices=Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your words"), required=False, max_length=Flag._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Needed for “something else”, helpful otherwise."),
    )


class DecideForm(forms.Form):
    """What is decided; an appeal is answered with other words than a report."""

    take_down = forms.TypedChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, coerce=lambda value: value == "yes"
    )
    words = forms.CharField(label=_("Reason"), max_length=FlaggedContent._meta.get_field("words").max_length)

    def __init__(self, *args: Any, flagged: FlaggedContent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if flagged.state == State.APPEALED:
            choices = [("yes", _("It stays taken down")), ("no", _("Show it again"))]
            self.fields["words"].help_text = _("The author reads it.")
        else:
            choices = [("yes", _("Take it down")), ("no", _("Leave it as it is"))]
            self.fields["words"].help_text = _(
                "The author reads it when it is taken down; those who reported, in any case."
            )
        self.fields["take_down"].choices = choices


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Why should it be shown?"), max_length=FlaggedContent._meta.get_field("appeal").max_length,
        widget=forms.Textarea(attrs={"rows": 5}), help_text=_("You can ask once. Somebody else than before decides."),
    )
