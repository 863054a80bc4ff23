from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalsConfig(AppConfig):
    name = "members.appraisals"
    label = "appraisals"
    verbose_name = _("Democratic appraisal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, guides, listeners, navigation, notices, panels, policies, spaces, timeline, work  # noqa: F401

        listeners.listen()
        notices.register()
        navigation.register()
        panels.register()
        timeline.register()
        work.register()
        spaces.register()
        guides.register()
        demo.register()
