from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "portal.imports"
    label = "imports"
    verbose_name = _("Imports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.extensions.registry import (
            DailyJob,
            NavigationItem,
            WorkSource,
            daily_jobs,
            navigation,
            work_sources,
        )
        from portal.organizations.duties import Duty

        from . import notices, policies, verbs  # noqa: F401
        from .queries import waiting_for
        from .tasks import purge_daily

        def imports(rights) -> bool:
            return rights.holds(Duty.IMPORT_ROSTERS)

        notices.register()
        navigation.register(
            NavigationItem(
                code="imports", label=_("Import lists"), url_name="imports:list", section="work", group="people",
                order=40, icon="upload", visible=imports, prefixes=("/imports/",),
            )
        )  # fmt: skip
        work_sources.register(
            WorkSource(code="imports", label=_("Imports to confirm"), find=waiting_for, order=60, applies=imports)
        )
        daily_jobs.register(DailyJob(code="imports-purge", run=purge_daily, order=800))
