from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DuesConfig(AppConfig):
    name = "members.dues"
    label = "dues"
    verbose_name = _("Party dues")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import channels, demo, navigation, notices, policies, printing, timeline, work  # noqa: F401

        channels.register()
        notices.register()
        navigation.register()
        timeline.register()
        work.register()
        demo.register()
        printing.declare()
