from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "portal.moderation"
    label = "moderation"
    verbose_name = _("Reports of abuse")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import notices, panels, policies, verbs  # noqa: F401

        notices.register()
        verbs.register()
        panels.register()
