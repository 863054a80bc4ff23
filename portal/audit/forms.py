"""What a reader of the trail asks for; it lives in the address."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.policy import duty_scope
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.forms import DayInput

from . import verbs
from .models import Outcome


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


_DAY = DayInput()


class HistoryFilterForm(forms.Form):
    by = forms.CharField(label=_("Done by (number)"), max_length=20, required=False)
    about = forms.CharField(label=_("Whose record (number)"), max_length=20, required=False)
    verb = forms.ChoiceField(label=_("What"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    organization = forms.ModelChoiceField(label=_("Organization"), queryset=Organization.objects.none(), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=_DAY)
    until = forms.DateField(label=_("Until"), required=False, widget=_DAY)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Everything")), *verbs.choices()]  # type: ignore[attr-defined]
        self.fields["outcome"].choices = [("", _("Any")), *Outcome.choices]  # type: ignore[attr-defined]
        self.fields["organization"].queryset = duty_scope(user, Duty.READ_AUDIT)  # type: ignore[attr-defined]

    def condition(self) -> Q:
        """Return the rows asked for; a form with errors asks for everything and shows its errors."""
        found, data = Q(), self.cleaned_data if self.is_valid() else {}
        if data.get("by"):
            found &= Q(by__number__iexact=data["by"])
        if data.get("about"):
            found &= Q(about__number__iexact=data["about"])
        if data.get("verb"):
            found &= Q(verb=data["verb"])
        if data.get("outcome"):
            found &= Q(outcome=data["outcome"])
        if data.get("organization"):
            found &= Q(organization__path__startswith=data["organization"].path)
        if data.get("since"):
            found &= Q(at__gte=_midnight(data["since"]))
        if data.get("until"):
            found &= Q(at__lt=_midnight(data["until"] + timedelta(days=1)))
        return found

    @property
    def narrows(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())
