from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DevelopmentConfig(AppConfig):
    name = "members.development"
    label = "development"
    verbose_name = _("Recruitment")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import navigation, notices, policies, printing, timeline, work  # noqa: F401

        notices.register()
        navigation.register()
        timeline.register()
        work.register()
        printing.declare()
