"""Filters of lists of meetings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access.policy import duty_scope
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.forms import DayInput, FilterForm

from ..models import MeetingKind, MeetingState


class MeetingFilterForm(FilterForm):
    """Kind, state, words and days; the organization comes from links."""

    same_for_all = True

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *MeetingKind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *MeetingState.choices])
    words = forms.CharField(label=_("Words in the meeting"), required=False, max_length=60)
    since = forms.DateField(label=_("From day"), required=False, widget=DayInput)
    until = forms.DateField(label=_("To day"), required=False, widget=DayInput)
    # What the tabs and links say goes along when somebody filters.
    when = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    whose = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    organization = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    @property
    def chosen(self) -> dict[str, Any]:
        """Return the filters that are set and valid, without what merely goes along."""
        return {name: value for name, value in super().chosen.items() if name not in ("when", "whose", "organization")}


class KeptFilterForm(MeetingFilterForm):
    """Also the name of the organization, for those who see meetings of many."""

    node = forms.CharField(label=_("Name of the organization"), required=False, max_length=60)
    field_order = ("node", "kind", "state", "words", "since", "until")


class OrganizationForm(FilterForm):
    """The organization that an address names, among those whose meetings the reader sees by duty."""

    organization = forms.ModelChoiceField(Organization.objects.none(), required=False)

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = duty_scope(by, Duty.SEE_MEETINGS) | duty_scope(by, Duty.HOLD_MEETINGS)
        self.fields["organization"].queryset = seen


class NodeSearchForm(FilterForm):
    """Words of an organization's name."""

    words = forms.CharField(label=_("Name of the organization"), required=False, max_length=60)
