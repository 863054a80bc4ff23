"""Where activities stand in the menus, what the schedule does, and what the trail's verbs are called."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.audit.verbs import name_verbs
from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation
from portal.organizations.duties import Duty

from .services import remind


def _run_daily(on: date) -> None:
    remind(on)


def _approves(rights: Rights) -> bool:
    return rights.holds(Duty.APPROVE_ACTIVITIES)


def _belongs(rights: Rights) -> bool:
    return bool(rights.organization_id)


ITEMS = (
    NavigationItem(
        code="activities",
        label=_("Activities"),
        url_name="members:activities:activity-list",
        section="me",
        group="part",
        order=25,
        icon="people",
        visible=_belongs,
    ),
    NavigationItem(
        code="activities-to-approve",
        label=_("Activities to approve"),
        url_name="members:activities:approval-list",
        section="work",
        group="life",
        order=60,
        icon="clipboard-check",
        visible=_approves,
        prefixes=("/members/activities/approvals/",),
    ),
)
VERBS = {
    "activities.started": _("started an activity"),
    "activities.changed": _("changed an activity"),
    "activities.discarded": _("threw the draft of an activity away"),
    "activities.submitted": _("handed an activity in"),
    "activities.approved": _("approved an activity"),
    "activities.returned": _("returned an activity"),
    "activities.adjusted": _("changed time, place or places of an activity"),
    "activities.cancelled": _("called an activity off"),
    "activities.enrolled": _("enrolled in an activity"),
    "activities.waiting": _("went on the waiting list of an activity"),
    "activities.withdrew": _("withdrew from an activity"),
    "activities.moved_up": _("moved up from the waiting list"),
    "activities.walked_in": _("came to an activity without enrolling"),
    "activities.team_changed": _("changed teams in an activity"),
    "activities.enrolment_closed": _("closed the enrolment of an activity"),
    "activities.enrolment_reopened": _("opened the enrolment of an activity again"),
    "activities.contributed": _("handed something in for an activity"),
    "activities.scored": _("scored in a contest"),
    "activities.scores_closed": _("closed the scores of a contest"),
    "activities.vote_opened": _("opened the vote of an audience"),
    "activities.vote_closed": _("closed the vote of an audience"),
    "activities.attendance_recorded": _("recorded who was at an activity"),
    "activities.pictures_added": _("added pictures to an activity"),
    "activities.picture_removed": _("removed a picture of an activity"),
    "activities.finished": _("finished an activity"),
    "activities.exported": _("took the list of an activity along"),
    "activities.rule_set": _("set whether activities need an approval"),
}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    daily_jobs.register(DailyJob(code="activities.remind", run=_run_daily, order=240))
    name_verbs(VERBS)
