"""The guide to the democratic appraisal, for everybody who takes part."""

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import Guide, guides

from .navigation import takes_part


def register() -> None:
    guides.register(
        Guide(
            code="appraisal",
            label=_("Guide to the democratic appraisal"),
            template="members/guides/appraisal.html",
            visible=takes_part,
            order=41,
        )
    )
