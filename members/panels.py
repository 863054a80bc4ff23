"""The block about people on an organization's page."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from portal.access.rights import AnyUser, rights_of
from portal.extensions.registry import Panel, panels
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.organizations.queries import standings_in


def people(organization: Organization, reader: AnyUser, on: date | None) -> dict[str, Any] | None:
    """Count who belonged here by standing, with the list behind each number; hidden from those who may not see it."""
    rights = rights_of(reader)
    if not rights.holds_on(Duty.SEE_PEOPLE, organization.path):
        return None
    address = reverse("members:member-list")
    here = {"organization": organization.pk} | ({"on": on.isoformat()} if on else {})
    return {
        "rows": [
            {
                "label": label,
                "count": count,
                "url": f"{address}?{urlencode({**here, 'standing': standing})}",
            }
            for standing, label, count in standings_in(organization, on=on, within=rights.duties[Duty.SEE_PEOPLE])
        ],
        "url": f"{address}?{urlencode(here)}",
    }


def register() -> None:
    panels.register(
        Panel(
            code="people",
            label=_("People"),
            template="members/_people_panel.html",
            context=people,
            order=10,
            dated=True,
        )
    )
