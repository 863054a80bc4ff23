from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpConfig(AppConfig):
    name = "members.help"
    label = "members_help"
    verbose_name = _("Talks and help")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, guides, navigation, notices, policies, work  # noqa: F401

        notices.register()
        navigation.register()
        work.register()
        guides.register()
        demo.register()
