"""Forms of the administration: set a rule after having looked at what it changes, and bring the days of a year."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from portal.access.admin_forms import ServiceModelForm
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from . import services, words
from .calendars import read_file
from .editions import EDITIONS
from .models import CalendarYear, RuleSetting
from .values import Bound, Unit, Value


def open_values() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return the rules that may be set at all, as choices grouped by edition."""
    return [
        (
            words.EDITION_TITLES[edition.code],
            [
                (f"{edition.code}:{value.code}", words.label(value.code))
                for value in edition.values
                if value.bound is not Bound.FIXED and value.range[0] < value.range[1]
            ],
        )
        for edition in EDITIONS.values()
    ]


class RuleSettingForm(ServiceModelForm):
    """Saved only when it carries the fingerprint of the preview that was shown for exactly this amount."""

    value = forms.ChoiceField(label=_("Rule"), choices=open_values, widget=UnfoldAdminSelectWidget)
    amount = forms.IntegerField(label=_("Amount"), min_value=0, widget=UnfoldAdminIntegerFieldWidget)

    class Meta:
        model = RuleSetting
        fields = ("organization", "amount", "words")

    preview: services.Preview | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("value", None)
            self.fields.pop("organization", None)
        if value := self._chosen():
            self.fields["amount"] = self._amount_field(value)

    def _name(self) -> str:
        if self.instance.pk:
            return f"{self.instance.edition}:{self.instance.code}"
        return str(self.data.get(self.add_prefix("value")) or self.initial.get("value") or "")

    def _chosen(self) -> Value | None:
        edition_code, _colon, code = self._name().partition(":")
        edition = EDITIONS.get(edition_code)
        return edition.value(code) if edition else None

    @staticmethod
    def _amount_field(value: Value) -> forms.Field:
        least, most = value.range
        if value.unit in (Unit.CHOICE, Unit.SWITCH):
            choices = [(amount, words.amount_words(value, amount)) for amount in range(least, most + 1)]
            return forms.TypedChoiceField(
                label=_("Amount"), coerce=int, choices=choices, help_text=words.law_words(value),
                widget=UnfoldAdminSelectWidget,
            )  # fmt: skip
        return forms.IntegerField(
            label=_("Amount"), min_value=0, max_value=100_000, help_text=words.law_words(value),
            widget=UnfoldAdminIntegerFieldWidget,
        )  # fmt: skip

    def perform(self) -> RuleSetting:
        edition_code, _colon, code = self._name().partition(":")
        data = self.cleaned_data
        organization: Organization = data.get("organization") or self.instance.organization
        amount = data["amount"]
        found = services.preview_setting(edition_code, code, amount=amount, organization=organization)
        if self.data.get("seen") != found.fingerprint:
            self.preview = found
            raise RuleError(gettext("Nothing is saved yet. Look at what this would change, then save once more."))
        return services.set_amount(
            edition_code,
            code,
            amount=amount,
            organization=organization,
            reason=data["words"],
            seen=self.data["seen"],
            by=self.by,
            on=timezone.localdate(),
        )


class CalendarYearForm(ServiceModelForm):
    """A year with its days in a file; what was kept for the year before is replaced."""

    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_(
            "An Excel workbook or a simple list with the columns day, kind (holiday or workday) and name. "
            "Every bad row is named and nothing is saved."
        ),
    )

    class Meta:
        model = CalendarYear
        fields = ("year", "is_announced", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields.pop("year", None)

    def perform(self) -> CalendarYear:
        data = self.cleaned_data
        year = data.get("year") or self.instance.year
        try:
            rows = read_file(data["file"], year)
        except RuleError as refusal:
            raise RuleError({"file": refusal.messages}) from refusal
        return services.keep_calendar(
            year, rows=rows, is_announced=data["is_announced"], source=data["source"], by=self.by
        )
