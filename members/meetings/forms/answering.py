"""Answer an invitation, decide about leave, convene, call off."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Answer

WORDS_MAX = 300


class AnswerForm(forms.Form):
    """Whether somebody comes."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[(Answer.ATTEND.value, _("I will attend")), (Answer.LEAVE.value, _("I ask for leave"))],
    )
    words = forms.CharField(
        label=_("Reason for leave"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when you ask for leave; those who decide about it read it."),
    )


class LeaveDecisionForm(forms.Form):
    """Whether leave is granted."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("grant", _("Grant the leave")), ("refuse", _("Refuse the leave"))],
    )
    words = forms.CharField(
        label=_("Words to the person"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A refusal says why."),
    )


class ConveneForm(forms.Form):
    """Nothing to fill in: the page says who will be told."""


class CancelForm(forms.Form):
    words = forms.CharField(
        label=_("Why it is called off"), max_length=WORDS_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
