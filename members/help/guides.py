"""The guide to talks and help, for everybody who belongs to a branch."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import Guide, guides


def _belongs(rights: Any) -> bool:
    return bool(rights.organization_id)


def register() -> None:
    guides.register(
        Guide(
            code="talks-help",
            label=_("Guide to talks and help"),
            template="members/guides/talks_help.html",
            visible=_belongs,
            order=40,
        )
    )
