from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.extensions.registry import NavigationItem, navigation, signed_in

        from . import notices

        notices.register()
        navigation.register(
            NavigationItem(
                code="account",
                label=_("My account"),
                url_name="accounts:overview",
                section="me",
                group="account",
                order=70,
                icon="person-circle",
                visible=signed_in,
                prefixes=("/account/", "/accounts/"),
            )
        )
