"""Where transfers stand in the menus, what the schedule does, and what the trail's verbs are called."""

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.audit.verbs import name_verbs
from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation
from portal.organizations.duties import Duty
from portal.organizations.models import Standing

from .services import run_daily


def _handles(rights: Rights) -> bool:
    return rights.holds(Duty.TRANSFER) or rights.holds(Duty.ISSUE_LETTERS)


ITEMS = (
    NavigationItem(
        code="my-transfer",
        label=_("My transfer"),
        url_name="members:transfers:my-transfer",
        section="me",
        group="own",
        order=30,
        icon="arrow-left-right",
        visible=lambda rights: bool(rights.standing) and rights.standing != Standing.MASS,
    ),
    NavigationItem(
        code="transfers",
        label=_("Transfers"),
        url_name="members:transfers:transfer-list",
        section="work",
        group="people",
        order=40,
        icon="arrow-left-right",
        visible=_handles,
    ),
    NavigationItem(
        code="relations-away",
        label=_("People away"),
        url_name="members:transfers:relation-list",
        section="work",
        group="people",
        order=41,
        icon="geo-alt",
        visible=lambda rights: rights.holds(Duty.TRANSFER),
    ),
)
VERBS = {
    "transfers.requested": _("asked for a transfer"),
    "transfers.checked": _("confirmed a transfer for the branch"),
    "transfers.issued": _("issued a transfer letter"),
    "transfers.handed_over": _("handed a transfer letter over"),
    "transfers.sent": _("sent a transfer through the member system"),
    "transfers.received": _("received a transfer and passed it to the branch"),
    "transfers.accepted": _("accepted a person by transfer"),
    "transfers.rejected": _("rejected a transfer"),
    "transfers.expired": _("let a transfer letter run out"),
    "transfers.reissued": _("issued a transfer letter again"),
    "transfers.withdrawn": _("withdrew a transfer"),
    "transfers.letter.exported": _("printed a transfer letter"),
    "transfers.relation_begun": _("recorded the state of a relation"),
    "transfers.relation_ended": _("ended the state of a relation"),
    "transfers.contact_recorded": _("recorded a contact with a person away"),
}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    daily_jobs.register(DailyJob(code="transfers.daily", run=run_daily, order=220))
    name_verbs(VERBS)
