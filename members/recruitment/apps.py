from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecruitmentConfig(AppConfig):
    name = "members.recruitment"
    label = "recruitment"
    verbose_name = _("Recruitment cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.audit.verbs import name_verbs, withhold_verbs

        # Policies register themselves.
        from . import (  # noqa: F401
            candidate,
            demo,
            guides,
            impact,
            jobs,
            listeners,
            navigation,
            notices,
            panels,
            person,
            policies,
            work,
        )
        from .imports import kind as running_cases
        from .papers import declarations

        notices.register()
        jobs.register()
        listeners.register()
        impact.register()
        declarations.declare()
        navigation.register()
        candidate.register()
        panels.register()
        person.register()
        work.register()
        running_cases.register()
        demo.register()
        guides.register()
        name_verbs(
            {
                "recruitment.opened": _("opened a recruitment case"),
                "recruitment.recorded": _("recorded a step of recruitment"),
                "recruitment.corrected": _("corrected a record of recruitment"),
                "recruitment.exception_granted": _("allowed an exception in recruitment"),
                "recruitment.moved": _("handed a recruitment case to another branch"),
                "recruitment.closed": _("closed a recruitment case"),
                "recruitment.paper_filed": _("put a paper into the file"),
                "recruitment.paper.exported": _("took a paper of recruitment along"),
                "recruitment.taken_over": _("took a recruitment case over from paper"),
                "recruitment.takeover_undone": _("took back a recruitment case taken over by mistake"),
                "recruitment.missing.exported": _("took along what is missing in files of recruitment"),
                "recruitment.quota_set": _("set the year's plan of admissions"),
                "recruitment.sealed.filed": _("put a paper under seal"),
                "recruitment.sealed.revealed": _("opened a sealed paper"),
                "recruitment.sealed.removed": _("took a sealed paper out"),
            }
        )
        # Who reads the political review, and why, would tell the candidate where the matter stands.
        withhold_verbs(["recruitment.sealed.filed", "recruitment.sealed.revealed", "recruitment.sealed.removed"])
