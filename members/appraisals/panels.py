"""The block about appraisals on a person's archive: the grades of the years, as far as the reader may see them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import PersonPanel, person_panels

from .queries import results_of

SHOWN = 10


def results(person: User, reader: AnyUser) -> dict[str, Any] | None:
    """Show the results of the years; hidden where there is none, or none that the reader may see."""
    if not reader.is_authenticated:
        return None
    rows = list(results_of(person, reader)[:SHOWN])
    return {"rows": rows} if rows else None


def register() -> None:
    person_panels.register(
        PersonPanel(
            code="appraisals",
            label=_("Democratic appraisal"),
            template="members/appraisals/_person_panel.html",
            context=results,
            order=30,
        )
    )
