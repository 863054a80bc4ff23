from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DraftsConfig(AppConfig):
    name = "portal.drafts"
    label = "drafts"
    verbose_name = _("Drafts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.extensions.registry import DailyJob, daily_jobs

        from . import policies  # noqa: F401  registers the policy
        from .services import sweep_drafts

        daily_jobs.register(DailyJob(code="drafts.sweep", run=sweep_drafts, order=900))
