from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "portal.organizations"
    label = "organizations"
    verbose_name = _("Organizations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.audit.verbs import name_verbs
        from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation, signed_in

        from . import notices

        notices.register()
        daily_jobs.register(DailyJob(code="organizations.terms", run=notices.remind_of_terms, order=150))

        name_verbs(
            {
                "organizations.changed": _("changed the organization"),
                "organizations.departed": _("ended the belonging of a person who left"),
                "organizations.merged": _("merged the organization into another"),
                "organizations.split": _("split off the organization"),
            }
        )
        navigation.register(
            NavigationItem(
                code="organizations",
                label=_("Organizations"),
                url_name="organizations:organization-tree",
                order=60,
                icon="diagram-3",
                visible=signed_in,
            )
        )
