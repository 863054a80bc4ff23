"""Where meetings stand in the menus, what the schedule does, and what the trail's verbs are called."""

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.audit.verbs import name_verbs
from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation
from portal.organizations.duties import Duty

from .services import run_daily


def _holds(rights: Rights) -> bool:
    return rights.holds(Duty.HOLD_MEETINGS)


def _belongs(rights: Rights) -> bool:
    return bool(rights.standing) or rights.holds(Duty.SEE_MEETINGS)


ITEMS = (
    NavigationItem(
        code="organizational-life",
        label=_("Organizational life"),
        url_name="members:meetings:meeting-list",
        order=250,
        icon="calendar-event",
        visible=_belongs,
        prefixes=(
            "/members/meetings/", "/members/votes/", "/members/minutes/", "/members/obligations/",
            "/members/activities/", "/ballots/",
        ),  # fmt: skip
    ),
    NavigationItem(
        code="meeting-templates",
        label=_("Meeting templates"),
        url_name="members:meetings:template-list",
        section="work",
        group="life",
        order=52,
        icon="calendar3",
        visible=_holds,
    ),
)
VERBS = {
    "meetings.planned": _("planned a meeting"),
    "meetings.changed": _("changed a meeting"),
    "meetings.convened": _("convened a meeting"),
    "meetings.cancelled": _("called a meeting off"),
    "meetings.agenda_changed": _("changed an agenda"),
    "meetings.leave_asked": _("asked for leave from a meeting"),
    "meetings.leave_decided": _("decided about leave from a meeting"),
    "meetings.seat_remarked": _("recorded a remark on a seat"),
    "meetings.seat_remark_ended": _("ended a remark on a seat"),
    "meetings.template_made": _("made a meeting template"),
    "meetings.template_changed": _("changed a meeting template"),
    "meetings.brought_in": _("brought in meetings that were held"),
    "meetings.feed_made": _("made a calendar to subscribe to"),
    "meetings.feed_revoked": _("revoked a calendar"),
}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    daily_jobs.register(DailyJob(code="meetings.daily", run=run_daily, order=240))
    name_verbs(VERBS)
