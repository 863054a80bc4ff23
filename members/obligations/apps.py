from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObligationsConfig(AppConfig):
    name = "members.obligations"
    label = "obligations"
    verbose_name = _("Duties of organizational life")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, guides, navigation, notices, panels, policies, stats, work  # noqa: F401

        notices.register()
        navigation.register()
        work.register()
        panels.register()
        stats.register()
        guides.register()
        demo.register()
