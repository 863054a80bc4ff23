from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MinutesConfig(AppConfig):
    name = "members.minutes"
    label = "minutes"
    verbose_name = _("Minutes")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, finding, listeners, navigation, notices, papers, policies, spaces, work  # noqa: F401

        notices.register()
        navigation.register()
        work.register()
        papers.declare()
        finding.register()
        listeners.listen()
        demo.register()
        spaces.register()
