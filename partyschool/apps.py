from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartyschoolConfig(AppConfig):
    name = "partyschool"
    label = "partyschool"
    verbose_name = _("Party school")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, panels, policies, verbs  # noqa: F401
