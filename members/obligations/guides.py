"""The guide to what is due, for those who convene meetings or watch over them."""

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import Guide, guides

from .navigation import sees


def register() -> None:
    guides.register(
        Guide(
            code="obligations",
            label=_("Organizational life: what is due"),
            template="members/guides/obligations.html",
            visible=sees,
            order=34,
        )
    )
