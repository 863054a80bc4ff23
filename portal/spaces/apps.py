from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpacesConfig(AppConfig):
    name = "portal.spaces"
    label = "spaces"
    verbose_name = _("Spaces of organizations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, notices, panels, policies, reporting, verbs  # noqa: F401

        notices.register()
        verbs.register()
        panels.register()
        reporting.register()
        demo.register()
