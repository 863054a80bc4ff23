"""Where talks and requests stand in the menus, what the schedule does, and what the trail's verbs are called."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.audit.verbs import name_verbs
from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation
from portal.organizations.duties import Duty

from .services import run_daily


def hears(rights: Rights) -> bool:
    """Say whether somebody hears members anywhere by duty."""
    return rights.holds(Duty.HEAR_MEMBERS)


def _run(on: date) -> None:
    run_daily(on)


ITEMS = (
    NavigationItem(
        code="my-help",
        label=_("Talks and help"),
        url_name="members:help:my-help",
        section="me",
        group="part",
        order=45,
        icon="chat-dots",
        visible=lambda rights: bool(rights.organization_id),
    ),
    NavigationItem(
        code="help-requests",
        label=_("Requests for help"),
        url_name="members:help:request-list",
        section="work",
        group="life",
        order=55,
        icon="heart",
        visible=hears,
        prefixes=("/members/help/requests/",),
    ),
    NavigationItem(
        code="heart-talks",
        label=_("Heart-to-heart talks"),
        url_name="members:help:talk-list",
        section="work",
        group="life",
        order=56,
        icon="chat-dots",
        visible=hears,
        prefixes=("/members/help/talks/",),
    ),
)
VERBS = {
    "members_help.talk.planned": _("planned a heart-to-heart talk"),
    "members_help.talk.arranged": _("set the day of a heart-to-heart talk"),
    "members_help.year.planned": _("planned the heart-to-heart talks of a year"),
    "members_help.talk.held": _("recorded that a heart-to-heart talk was held"),
    "members_help.talk.confirmed": _("confirmed a heart-to-heart talk"),
    "members_help.talk.dropped": _("dropped a heart-to-heart talk"),
    "members_help.request.asked": _("asked the branch for help"),
    "members_help.request.assigned": _("gave a request for help to somebody"),
    "members_help.request.answered": _("answered a request for help"),
    "members_help.request.closed": _("closed a request for help"),
    "members_help.request.reopened": _("opened a request for help again"),
    "members_help.request.viewed": _("read a request for help"),
}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    daily_jobs.register(DailyJob(code="members_help.daily", run=_run, order=230))
    name_verbs(VERBS)
