"""Where the duties stand in the menus, what the schedule does, and what the trail's verbs are called."""

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.audit.verbs import name_verbs
from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation

from .policies import SEEING
from .services import run_daily


def sees(rights: Rights) -> bool:
    """Say whether somebody sees the duties of any node."""
    return any(rights.holds(duty) for duty in SEEING)


ITEM = NavigationItem(
    code="obligations",
    label=_("What is due"),
    url_name="members:obligations:board",
    section="work",
    group="life",
    order=37,
    icon="calendar-check",
    visible=sees,
    prefixes=("/members/obligations/",),
)
VERBS = {
    "obligations.waived": _("waived a duty of organizational life"),
    "obligations.waiver_revoked": _("took a waiver of a duty back"),
    "obligations.lecture_marked": _("said what a lecture counts as"),
    "obligations.lecture_unmarked": _("took back what a lecture counts as"),
    "obligations.exported": _("took the due board along"),
}


def register() -> None:
    navigation.register(ITEM)
    daily_jobs.register(DailyJob(code="obligations.daily", run=run_daily, order=230))
    name_verbs(VERBS)
