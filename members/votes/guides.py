"""The guide to votes and elections, for those who lead them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import Guide, guides
from portal.organizations.duties import Duty


def _holds_meetings(rights: Any) -> bool:
    return rights.holds(Duty.HOLD_MEETINGS)


def register() -> None:
    guides.register(
        Guide(
            code="votes",
            label=_("Guide to votes and elections"),
            template="members/guides/votes.html",
            visible=_holds_meetings,
            order=42,
        )
    )
