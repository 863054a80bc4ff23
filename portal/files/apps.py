from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "portal.files"
    label = "files"
    verbose_name = _("Files")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.extensions.registry import DailyJob, daily_jobs

        from . import policies  # noqa: F401
        from .services import sweep

        daily_jobs.register(DailyJob(code="files.sweep", run=lambda on: None if sweep() else None))
