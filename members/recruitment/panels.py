"""The block about recruitment on an organization's page: the doors to its board, for those who keep or decide."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.rights import AnyUser, rights_of
from portal.extensions.registry import Panel, panels
from portal.organizations.models import Organization, OrganizationType

from .queries.boards import DUTIES


def doors(organization: Organization, reader: AnyUser) -> dict[str, Any] | None:
    """Lead to the board of a node without asking the database: a node's page counts its people already."""
    rights = rights_of(reader)
    is_kept = any(rights.holds_on(duty, organization.path) for duty in DUTIES)
    if not is_kept or organization.org_type == OrganizationType.GROUP:
        return None
    pages = (("board", _("Where its cases stand")), ("case-list", _("Its cases")), ("calendar", _("Coming steps")))
    return {
        "links": [
            {"label": label, "url": f"{reverse(f'members:recruitment:{page}')}?node={organization.pk}"}
            for page, label in pages
        ]
    }


def register() -> None:
    panels.register(
        Panel(
            code="recruitment",
            label=gettext_lazy("Recruitment"),
            template="members/recruitment/_organization_panel.html",
            context=doors,
            order=15,
        )
    )
