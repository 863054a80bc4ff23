from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VotesConfig(AppConfig):
    name = "members.votes"
    label = "meeting_votes"
    verbose_name = _("Votes of meetings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import demo, guides, listeners, navigation, notices, papers, policies, work  # noqa: F401

        navigation.register()
        notices.register()
        papers.register()
        work.register()
        listeners.listen()
        demo.register()
        guides.register()
