"""Where thought reports stand in the menus, what the schedule does, and what the trail's verbs are called."""

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.audit.verbs import name_verbs
from portal.extensions.registry import (
    DailyJob,
    NavigationItem,
    StreamKind,
    daily_jobs,
    navigation,
    signed_in,
    stream_kinds,
)
from portal.organizations.duties import Duty
from portal.organizations.models import Standing

from .rules import WRITERS
from .services import run_daily
from .services.showcase import STREAM_KIND


def _reads(rights: Rights) -> bool:
    """Say whether the person may have reports to read: by duty, or as a full member who may be a contact."""
    return rights.holds(Duty.ANSWER_REPORTS) or rights.standing == Standing.FULL_MEMBER


ITEMS = (
    NavigationItem(
        code="my-thought-reports",
        label=_("My thought reports"),
        url_name="members:development:my-thought-reports",
        section="me",
        group="own",
        order=20,
        icon="journal-text",
        visible=lambda rights: rights.standing in WRITERS,
    ),
    NavigationItem(
        code="thought-reports-to-answer",
        label=_("Reports to answer"),
        url_name="members:development:thought-report-to-answer",
        section="work",
        group="recruitment",
        order=30,
        icon="chat-left-text",
        visible=_reads,
    ),
    NavigationItem(
        code="thought-reports",
        label=_("Thought reports"),
        url_name="members:development:thought-report-list",
        section="work",
        group="recruitment",
        order=31,
        icon="collection",
        visible=lambda rights: rights.holds(Duty.ANSWER_REPORTS),
    ),
    NavigationItem(
        code="thought-report-grid",
        label=_("Reports by quarter"),
        url_name="members:development:thought-report-grid",
        section="work",
        group="recruitment",
        order=32,
        icon="grid",
        visible=lambda rights: rights.holds(Duty.ANSWER_REPORTS),
    ),
    NavigationItem(
        code="cultivation-contacts",
        label=_("Cultivation contacts"),
        url_name="members:development:contact-list",
        section="work",
        group="recruitment",
        order=33,
        icon="people",
        visible=lambda rights: rights.holds(Duty.ASSIGN_CONTACTS) or rights.standing == Standing.FULL_MEMBER,
    ),
    NavigationItem(
        code="showcase",
        label=_("Showcase of reports"),
        url_name="members:development:showcase-list",
        section="me",
        group="part",
        order=60,
        icon="stars",
        visible=signed_in,
    ),
)
VERBS = {
    "development.contact_assigned": _("assigned a cultivation contact"),
    "development.contact_ended": _("ended a cultivation contact"),
    "development.report_handed_in": _("handed in a thought report"),
    "development.report_withdrawn": _("withdrew a thought report"),
    "development.report_returned": _("returned a thought report"),
    "development.report_accepted": _("accepted a thought report"),
    "development.scan_attached": _("attached a scan"),
    "development.scan_removed": _("removed a scan"),
    "development.writers_reminded": _("reminded writers of thought reports"),
    "development.showcase_proposed": _("proposed a report for the showcase"),
    "development.showcase_consented": _("consented to the showcase"),
    "development.showcase_declined": _("declined the showcase"),
    "development.showcase_published": _("published in the showcase"),
    "development.showcase_withdrawn": _("withdrew from the showcase"),
}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    daily_jobs.register(DailyJob(code="development.thought-reports", run=run_daily, order=200))
    stream_kinds.register(StreamKind(STREAM_KIND, _("Showcase"), "award", order=60))
    name_verbs(VERBS)
