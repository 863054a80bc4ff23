from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulesetsConfig(AppConfig):
    name = "portal.rulesets"
    label = "rulesets"
    verbose_name = _("Rules and calendar")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.audit.verbs import name_verbs
        from portal.extensions.registry import NavigationItem, navigation

        from . import policies  # noqa: F401  registers the policies

        name_verbs(
            {
                "rulesets.amount_set": _("set a rule for the university"),
                "rulesets.habit_set": _("set a branch's habit"),
                "rulesets.calendar_kept": _("entered the working-day calendar of a year"),
            }
        )
        navigation.register(
            NavigationItem(
                code="rules",
                label=_("Rules and calendar"),
                url_name="rulesets:rules",
                section="work",
                group="house",
                order=85,
                icon="journal-check",
                prefixes=("/rules/",),
                visible=lambda rights: rights.has_duties,
            )
        )
