from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HoursConfig(AppConfig):
    name = "portal.hours"
    verbose_name = _("Study and volunteering")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import notices, panels, policies  # noqa: F401

        notices.register()
        panels.register()
