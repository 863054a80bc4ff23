from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    label = "members"
    verbose_name = _("Members")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, guides, listeners, navigation, notices, panels, policies, timeline  # noqa: F401
        from .imports import kind as roster

        listeners.register()
        notices.register()
        navigation.register()
        timeline.register()
        panels.register()
        demo.register()
        guides.register()
        roster.register()
