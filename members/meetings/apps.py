from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "members.meetings"
    label = "meetings"
    verbose_name = _("Meetings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, guides, navigation, notices, panels, policies, spaces, trail, work  # noqa: F401

        notices.register()
        navigation.register()
        panels.register()
        spaces.register()
        work.register()
        trail.register()
        demo.register()
        guides.register()
