"""First guides for the people of the room, and who is shown which."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import Guide, guides
from portal.organizations.duties import Duty
from portal.organizations.models import Standing

WRITERS = {Standing.APPLICANT, Standing.ACTIVIST, Standing.DEVELOPMENT_TARGET, Standing.PROBATIONARY}


def _writes(rights: Any) -> bool:
    return rights.standing in WRITERS


def _accompanies(rights: Any) -> bool:
    return rights.standing == Standing.FULL_MEMBER


def _keeps_branch(rights: Any) -> bool:
    return rights.holds(Duty.KEEP_RECORDS)


def register() -> None:
    guides.register(
        Guide(
            code="activist",
            label=_("Guide for activists, targets and probationary members"),
            template="members/guides/activist.html",
            visible=_writes,
            order=10,
        )
    )
    guides.register(
        Guide(
            code="contact",
            label=_("Guide for cultivation contacts"),
            template="members/guides/contact.html",
            visible=_accompanies,
            order=20,
        )
    )
    guides.register(
        Guide(
            code="secretary",
            label=_("Guide for secretaries"),
            template="members/guides/secretary.html",
            visible=_keeps_branch,
            order=30,
        )
    )
