"""Forms of talks and requests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.access.policy import duty_scope
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.organizations.duties import Duty
from portal.organizations.models import BRANCH_TYPES, Organization
from portal.web.forms import DayInput, FilterForm

from .models import HelpKind, HelpRequest
from .models.requests import WORDS_MAX
from .models.talks import RECORD_MAX
from .queries.places import party_members, people_of
from .queries.requests import assignable, may_be_wished
from .rules.promises import HelpState, Urgency

SHORT = 300


def _words(label: Any, *, rows: int = 6, limit: int = WORDS_MAX, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def _by_name(person: User) -> str:
    return f"{person.name} ({person.number})"


class _People(forms.ModelChoiceField):
    """One person out of a few."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return _by_name(obj)


class HelpAskForm(KeptFilesMixin, forms.Form):
    """What somebody asks the branch for."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=HelpKind, widget=forms.RadioSelect)
    words = _words(_("Say it in your own words"), help_text=_("Kept encrypted. Only those named below read it."))
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"), choices=Urgency, initial=Urgency.NORMAL, widget=forms.RadioSelect
    )
    wanted = _People(label=_("Who should answer?"), required=False, empty_label=_("whoever is there for it"))
    files = KeptFileField(label=_("Files"), kind="attachment", multiple=True, limit=5, required=False)

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        people = may_be_wished(by, rights_of(by).organization_path)
        self.fields["wanted"].queryset = people  # type: ignore[attr-defined]


class HelpSayForm(KeptFilesMixin, forms.Form):
    """One more line of the thread."""

    words = _words(_("Your words"), rows=5, required=False)
    files = KeptFileField(label=_("Files"), kind="attachment", multiple=True, limit=5, required=False)


class HelpAssignForm(forms.Form):
    assignee = _People(label=_("Who takes care of it?"))
    words = _words(
        _("Words to it"), rows=3, limit=SHORT, required=False, help_text=_("Whoever asked reads them as well.")
    )

    def __init__(self, *args: Any, row: HelpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = assignable(row).exclude(pk=row.assignee_id)  # type: ignore[attr-defined]
        if row.wanted_id:
            self.initial.setdefault("assignee", row.wanted_id)


class HelpCloseForm(forms.Form):
    words = _words(_("Words to it"), rows=3, limit=SHORT, required=False)


class HelpReopenForm(forms.Form):
    words = _words(_("What is not settled?"), rows=4)


class HelpFilterForm(FilterForm):
    """Which requests a list shows."""

    same_for_all = True

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *HelpState.choices, ("overdue", _("late"))]
    )
    kind = forms.ChoiceField(label=_("What it is about"), required=False, choices=[("", _("all")), *HelpKind.choices])


class YearForm(FilterForm):
    """Which year the branches are looked at in."""

    same_for_all = True

    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)


class BranchYearForm(FilterForm):
    """Whose talks of which year."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Branch"), required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2100)

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = heard_branches(by)  # type: ignore[attr-defined]


def heard_branches(by: AnyUser) -> Any:
    """Return the open branches whose members somebody hears by duty."""
    return duty_scope(by, Duty.HEAR_MEMBERS).filter(org_type__in=BRANCH_TYPES, closed_on=None)


class TalkForm(forms.Form):
    """A talk with somebody of the own branch; a keeper names both."""

    first = _People(label=_("Who"))
    second = _People(label=_("With whom"))
    planned_on = forms.DateField(
        label=_("Day"), widget=DayInput, required=False, help_text=_("Leave it empty to agree on it later.")
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)

    def __init__(self, *args: Any, branch: Organization, own: AnyUser | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = list(party_members(branch))
        people = people_of(members)
        self.fields["first"].queryset = people  # type: ignore[attr-defined]
        self.fields["second"].queryset = people  # type: ignore[attr-defined]
        if own is not None:
            self.fields["second"].queryset = people.exclude(pk=own.pk)  # type: ignore[attr-defined]
            del self.fields["first"]


class TalkArrangeForm(forms.Form):
    """When and where the two meet."""

    planned_on = forms.DateField(label=_("Day"), widget=DayInput)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)


class TalkRecordForm(forms.Form):
    """What the two write down for themselves."""

    held_on = forms.DateField(label=pgettext_lazy("talk", "Held on"), widget=DayInput)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    record = _words(
        _("What you talked about"),
        rows=10,
        limit=RECORD_MAX,
        required=False,
        help_text=_("Kept encrypted, for the two of you alone. The branch sees only that the talk took place."),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class TalkConfirmForm(forms.Form):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class TalkDropForm(forms.Form):
    words = forms.CharField(label=_("Why is it dropped?"), max_length=SHORT)
