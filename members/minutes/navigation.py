"""Where minutes and resolutions stand in the menus, what the schedule does, and what the trail's verbs are called."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs
from portal.extensions.registry import DailyJob, NavigationItem, StreamKind, daily_jobs, navigation, stream_kinds
from portal.organizations.duties import Duty

from .services import remind
from .services.sealing import STREAM_KIND
from .tasks import purge_daily


def _keeps(rights: Any) -> bool:
    return rights.holds(Duty.SEE_MEETINGS) or rights.holds(Duty.HOLD_MEETINGS)


ITEMS = (
    NavigationItem(
        code="minutes",
        label=_("Minutes"),
        url_name="members:minutes:minutes-list",
        section="work",
        group="life",
        order=33,
        icon="journal-text",
        visible=_keeps,
        prefixes=("/members/minutes/",),
    ),
    NavigationItem(
        code="minutes-read",
        label=_("Minutes"),
        url_name="members:minutes:minutes-list",
        section="me",
        group="part",
        order=33,
        icon="journal-text",
        visible=lambda rights: bool(rights.standing) and not _keeps(rights),
        prefixes=("/members/minutes/",),
    ),
)
VERBS = {
    "minutes.begun": _("began minutes"),
    "minutes.brought_in": _("brought minutes of the past in"),
    "minutes.changed": _("changed minutes"),
    "minutes.files_added": _("put files to minutes"),
    "minutes.file_removed": _("took a file out of minutes"),
    "minutes.confirmed": _("confirmed minutes"),
    "minutes.confirmation_withdrawn": _("withdrew a confirmation of minutes"),
    "minutes.sealed": _("sealed minutes"),
    "minutes.added_to": _("added to sealed minutes"),
    "minutes.paper.exported": _("took minutes along on paper"),
    "minutes.volume.exported": _("took the bound minutes of a year along"),
    "minutes.resolved": _("noted a resolution"),
    "minutes.resolution_struck": _("struck a resolution from minutes that were not sealed"),
    "minutes.resolution_noted": _("noted how a resolution goes on"),
    "minutes.resolution_changed": _("handed a resolution over or postponed it"),
    "minutes.resolution_closed": _("closed a resolution"),
}


def _remind(on: date) -> None:
    remind(on)


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    stream_kinds.register(StreamKind(code=STREAM_KIND, label=_("minutes sealed"), icon="journal-check", order=30))
    daily_jobs.register(DailyJob(code="minutes.resolutions", run=_remind, order=240))
    daily_jobs.register(DailyJob(code="minutes.volumes", run=purge_daily, order=810))
    name_verbs(VERBS)
