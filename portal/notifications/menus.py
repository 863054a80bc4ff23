"""Where notices stand in the menus."""

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.extensions.registry import NavigationItem, navigation, signed_in
from portal.organizations.duties import Duty


def sends_notices(rights: Rights) -> bool:
    return rights.holds(Duty.SEND_NOTICES)


def register() -> None:
    navigation.register(
        NavigationItem(
            code="notices",
            label=_("Notices"),
            url_name="notifications:inbox",
            order=10,
            section="me",
            group="account",
            icon="bell",
            visible=signed_in,
        )
    )
    navigation.register(
        NavigationItem(
            code="notice-preferences",
            label=_("What I am told"),
            url_name="notifications:preferences",
            order=80,
            section="me",
            group="account",
            icon="sliders",
            visible=signed_in,
        )
    )
    navigation.register(
        NavigationItem(
            code="send-notices",
            label=_("Send notices"),
            url_name="notifications:sent-list",
            order=60,
            section="work",
            group="publishing",
            icon="megaphone",
            visible=sends_notices,
            prefixes=("/notices/send", "/notices/sent"),
        )
    )
