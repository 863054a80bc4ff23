from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    name = "members.transfers"
    label = "transfers"
    verbose_name = _("Transfers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, dues, navigation, notices, panels, policies, printing, timeline, work  # noqa: F401

        dues.register()
        notices.register()
        navigation.register()
        timeline.register()
        panels.register()
        work.register()
        demo.register()
        printing.declare()
