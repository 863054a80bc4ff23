from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EncryptionConfig(AppConfig):
    name = "portal.encryption"
    label = "encryption"
    verbose_name = _("Encrypted fields")

    def ready(self) -> None:
        from . import checks  # noqa: F401
