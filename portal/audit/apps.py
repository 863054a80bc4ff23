from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "portal.audit"
    label = "audit"
    verbose_name = _("Audit trail")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation, signed_in
        from portal.organizations.duties import Duty

        from . import policies  # noqa: F401
        from .listeners import listen
        from .tasks import verify_daily

        listen()
        navigation.register(
            NavigationItem(
                code="audit-mine", label=_("Who looked at my record"), url_name="audit:mine", section="me",
                group="account", order=80, icon="eye", visible=signed_in,
            )
        )
        navigation.register(
            NavigationItem(
                code="audit-history", label=_("Audit trail"), url_name="audit:history", section="work",
                group="house", order=90, icon="clock-history", visible=lambda rights: rights.holds(Duty.READ_AUDIT),
            )
        )
        daily_jobs.register(DailyJob(code="audit-verify", run=verify_daily, order=900))
