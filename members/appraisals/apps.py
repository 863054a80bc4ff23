from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalsConfig(AppConfig):
    name = "members.appraisals"
    label = "appraisals"
    verbose_name = _("Democratic appraisal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import (
            demo,
            guides,
            listeners,
            navigation,
            notices,
            panels,
            papers,
            policies,  # noqa: F401
            spaces,
            stats,
            timeline,
            work,
        )

        listeners.listen()
        notices.register()
        navigation.register()
        panels.register()
        papers.declare()
        stats.register()
        timeline.register()
        work.register()
        spaces.register()
        guides.register()
        demo.register()
