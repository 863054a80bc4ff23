from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "members.activities"
    label = "activities"
    verbose_name = _("Activities")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, navigation, notices, policies, spaces, work  # noqa: F401

        notices.register()
        navigation.register()
        work.register()
        spaces.register()
        demo.register()
