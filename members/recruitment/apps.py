from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecruitmentConfig(AppConfig):
    name = "members.recruitment"
    label = "recruitment"
    verbose_name = _("Recruitment cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.audit.verbs import name_verbs

        from . import jobs, notices, policies  # noqa: F401  policies register themselves

        notices.register()
        jobs.register()
        name_verbs(
            {
                "recruitment.opened": _("opened a recruitment case"),
                "recruitment.recorded": _("recorded a step of recruitment"),
                "recruitment.corrected": _("corrected a record of recruitment"),
                "recruitment.exception_granted": _("allowed an exception in recruitment"),
                "recruitment.moved": _("handed a recruitment case to another branch"),
                "recruitment.closed": _("closed a recruitment case"),
                "recruitment.quota_set": _("set the year's plan of admissions"),
            }
        )
