"""The guide to meetings, for those who hold them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import Guide, guides
from portal.organizations.duties import Duty


def _holds_meetings(rights: Any) -> bool:
    return rights.holds(Duty.HOLD_MEETINGS)


def register() -> None:
    guides.register(
        Guide(
            code="meetings",
            label=_("Guide to meetings"),
            template="members/guides/meetings.html",
            visible=_holds_meetings,
            order=41,
        )
    )
