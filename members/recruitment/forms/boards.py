"""Forms of boards: the node looked at, the filters of the table, the plan of a year."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Organization
from portal.rulesets.words import EDITION_TITLES
from portal.web.forms import FilterForm

from ..engine.steps import STEPS, XZ14, XZ26
from ..models import CaseState
from ..models.cases import STAGES
from ..queries.listing import SOON, SORTS, USUAL, WAITS

PLANNED_MAX = 10_000
_INDENT = "\u3000"


class NodeForm(forms.Form):
    """The node that a board shows, chosen from those around it; ``kept`` stays in the address beside it."""

    node = forms.ChoiceField(label=_("Organization"), required=False)

    def __init__(self, *, node: Organization, around: Iterable[Organization], **kept: Any) -> None:
        super().__init__(initial={"node": str(node.pk), **kept})
        self.fields["node"].choices = node_choices(around)
        for name in kept:
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)


def node_choices(around: Iterable[Organization]) -> list[tuple[str, str]]:
    """Return the choices of a tree select, each moved in under what lies above it."""
    around = list(around)
    least = min((node.depth for node in around), default=0)
    return [(str(node.pk), f"{_INDENT * (node.depth - least)}{node}") for node in around]


class CaseFilterForm(FilterForm):
    """Filters of the table of cases; an unknown value filters nothing. ``due_on`` comes by links alone."""

    node = forms.ChoiceField(label=_("Organization"), required=False)
    words = forms.CharField(label=_("Name or number"), max_length=60, required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("all")), *STAGES])
    step = forms.ChoiceField(
        label=_("Step"),
        required=False,
        choices=[("", _("all")), *((step.code, step.label) for step in STEPS.values())],
    )
    waits = forms.ChoiceField(label=_("Waits for"), required=False, choices=[("", _("anybody")), *WAITS.items()])
    soon = forms.ChoiceField(label=_("Coming up"), required=False, choices=[("", _("anything")), *SOON.items()])
    state = forms.ChoiceField(
        label=_("Cases"),
        required=False,
        choices=[("", _("under way")), (CaseState.CLOSED.value, _("closed")), ("all", _("all"))],
    )
    edition = forms.ChoiceField(
        label=_("Edition"),
        required=False,
        choices=[("", _("all")), *((code, EDITION_TITLES[code]) for code in (XZ26, XZ14))],
    )
    sort = forms.ChoiceField(
        label=_("Order"), required=False, choices=[(code, label) for code, (label, _fields) in SORTS.items()]
    )
    overdue = forms.BooleanField(label=_("Only overdue ones"), required=False)
    missing = forms.BooleanField(label=_("Only those that lack something"), required=False)
    due_on = forms.DateField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict, *, node: Organization, around: Iterable[Organization] = ()) -> None:
        data = data.copy()
        data["node"] = str(node.pk)
        super().__init__(data)
        self.fields["node"].choices = node_choices(around or [node])

    @property
    def narrowing(self) -> dict[str, Any]:
        """Return the filters that leave cases out: all but the node and the order."""
        return {name: value for name, value in self.chosen.items() if name not in ("node", "sort")}

    @property
    def order(self) -> tuple[str, ...]:
        """Return the fields of the order that is chosen."""
        return SORTS[self.chosen.get("sort") or USUAL][1]


class QuotaForm(forms.Form):
    """How many people a node plans to admit in a year."""

    planned = forms.IntegerField(
        label=_("Planned admissions"),
        min_value=0,
        max_value=PLANNED_MAX,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Probationary members to be admitted in the year. 0 means that nobody is planned."),
    )
