"""Forms of the dues: filters, standards, the collection, reversals, reductions."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import DayInput

from . import channels
from .models import WORDS_MAX
from .months import as_text, from_text, in_words, month_of, shifted
from .rules import Kind

REASON_MAX = 300
SHOW_CHOICES = [
    ("", _("everybody")),
    ("unpaid", _("not paid")),
    ("paid", _("paid")),
    ("waived", _("waived")),
    ("unset", _("base not confirmed")),
    ("warned", _("three months unpaid or more")),
    ("near", _("five months unpaid or more")),
    ("reached", _("six months unpaid or more")),
]


class MoneyField(forms.DecimalField):
    """An amount in yuan with at most two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        given = {"max_digits": 10, "decimal_places": 2, "min_value": Decimal(0), "widget": forms.TextInput(attrs)}
        super().__init__(**{**given, **kwargs})


class MonthField(forms.TypedChoiceField):
    """A month chosen from those between two distances from this month."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=lambda text: from_text(text), **kwargs)

    def offer(self, on: date, back: int, ahead: int) -> None:
        """Offer the months from ``back`` months ago to ``ahead`` months on, the latest first."""
        months = [shifted(month_of(on), by) for by in range(ahead, -back - 1, -1)]
        self.choices = [(as_text(month), in_words(month)) for month in months]


class MonthFilterForm(forms.Form):
    """Filters of a month's table; they live in the address. An unknown value filters nothing."""

    words = forms.CharField(label=_("Name or number"), max_length=60, required=False)
    month = forms.CharField(widget=forms.HiddenInput, required=False)
    organization = forms.CharField(widget=forms.HiddenInput, required=False)
    show = forms.ChoiceField(label=_("Who is shown"), choices=SHOW_CHOICES, required=False)


class LedgerForm(forms.Form):
    """From which month branches keep their dues here."""

    month = MonthField(label=_("First month"), help_text=_("Nothing is owed here for months before it."))

    def __init__(self, *args: Any, on: date, back: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].offer(on, back, 0)


class StandardForm(forms.Form):
    """From which base the dues are reckoned."""

    kind = forms.ChoiceField(label=_("Reckoned from"), choices=Kind.choices)
    base = MoneyField(
        label=_("Base in yuan a month"),
        required=False,
        help_text=_("After tax, the fixed and recurring part. It is kept encrypted; nothing else of the pay is kept."),
    )
    month = MonthField(label=_("From month"))

    def __init__(self, *args: Any, on: date, back: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].offer(on, back, 1)


class CollectForm(forms.Form):
    """How and when the chosen months were paid."""

    paid_on = forms.DateField(label=_("Paid on"), widget=DayInput(), localize=False)
    channel = forms.ChoiceField(label=_("How it was paid"))
    reference = forms.CharField(label=_("Number of the transfer, if there is one"), max_length=60, required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channels.recorded()
        self.fields["token"].initial = uuid.uuid4


class AmountForm(forms.Form):
    """The amount of one line of a collection."""

    amount = MoneyField(label=_("Amount"))


class ReasonForm(forms.Form):
    """Why something is looked at or taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}))


class ReductionForm(forms.Form):
    """What the branch asks the committee for."""

    first = MonthField(label=_("First month"))
    last = MonthField(label=_("Last month"))
    amount = MoneyField(label=_("To pay a month, in yuan"), help_text=_("0 waives the dues."))
    reason = forms.CharField(
        label=_("What the branch found"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only what the committee must know; it is kept encrypted."),
    )
    decided_on = forms.DateField(label=_("The branch decided on"), widget=DayInput(), localize=False)

    def __init__(self, *args: Any, on: date, back: int, ahead: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            self.fields[name].offer(on, back, ahead)


class AnswerForm(forms.Form):
    """The committee's decision."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("approve", _("Approve")), ("refuse", _("Refuse: say why"))],
    )
    words = forms.CharField(
        label=_("Words to the branch"), max_length=WORDS_MAX, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
