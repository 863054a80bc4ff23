"""Which filing list is wanted: what kind, of which organization, of which month."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Organization
from portal.rulesets.days import add_months

from .boards import node_choices

MONTHS = 36  # how far back lists are asked for
LISTS = (
    ("activist_filing", _("activists decided on")),
    ("target_filing", _("development targets decided on")),
    ("admission_filing", _("probationary members approved")),
)


def month_of(text: str) -> date:
    """Read ``2026-11``, one of the choices of the form."""
    year, _dash, month = text.partition("-")
    return date(int(year), int(month), 1)


class FilingListForm(forms.Form):
    """The list shown; what the address leaves open is this month's list of activists in the reader's own node."""

    node = forms.ChoiceField(label=_("Organization"))
    list = forms.ChoiceField(label=_("List"), choices=LISTS)
    month = forms.TypedChoiceField(label=_("Month"), coerce=month_of)

    def __init__(
        self, data: Mapping[str, Any], *, node: Organization, around: Iterable[Organization], on: date
    ) -> None:
        asked = {"list": data.get("list", LISTS[0][0]), "month": data.get("month", f"{on:%Y-%m}")}
        super().__init__({**asked, "node": str(node.pk)})
        self.fields["node"].choices = node_choices(around)
        months = [add_months(on.replace(day=1), -back) for back in range(MONTHS)]
        self.fields["month"].choices = [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months]
