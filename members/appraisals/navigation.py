"""Where the appraisal stands in the menus, and what the trail's verbs are called."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.audit.verbs import name_verbs
from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation
from portal.organizations.duties import Duty
from portal.organizations.models import Standing

from .services import run_daily


def holds(rights: Rights) -> bool:
    """Say whether somebody holds or confirms appraisals anywhere."""
    return rights.holds(Duty.APPRAISE_MEMBERS) or rights.holds(Duty.SUPERVISE_LIFE)


def takes_part(rights: Rights) -> bool:
    """Say whether somebody takes part in the appraisal of a branch."""
    return rights.standing in (Standing.PROBATIONARY, Standing.FULL_MEMBER)


def _run(on: date) -> None:
    run_daily(on)


ITEMS = (
    NavigationItem(
        code="my-appraisal",
        label=_("My democratic appraisal"),
        url_name="members:appraisals:my-appraisals",
        section="me",
        group="own",
        order=46,
        icon="award",
        visible=takes_part,
    ),
    NavigationItem(
        code="appraisals",
        label=_("Democratic appraisal"),
        url_name="members:appraisals:appraisal-list",
        section="work",
        group="life",
        order=54,
        icon="award",
        visible=holds,
        prefixes=("/members/appraisals/",),
    ),
)
VERBS = {
    "appraisals.announced": _("announced a democratic appraisal"),
    "appraisals.meeting_chosen": _("chose the meeting of a democratic appraisal"),
    "appraisals.days_changed": _("changed the days of a democratic appraisal"),
    "appraisals.called_off": _("took a democratic appraisal back"),
    "appraisals.handed_in": _("handed in a self-appraisal"),
    "appraisals.advanced": _("went on with a democratic appraisal"),
    "appraisals.decided": _("wrote down the committee's opinions in a democratic appraisal"),
    "appraisals.reported": _("reported a democratic appraisal"),
    "appraisals.confirmed": _("confirmed a democratic appraisal"),
    "appraisals.returned": _("returned a democratic appraisal"),
    "appraisals.closed": _("closed a democratic appraisal"),
    "appraisals.told": _("told the result of a democratic appraisal"),
    "appraisals.paper.exported": _("printed papers of a democratic appraisal"),
    "appraisals.results.exported": _("took the results of a democratic appraisal along"),
}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    daily_jobs.register(DailyJob(code="appraisals.daily", run=_run, order=235))
    name_verbs(VERBS)
