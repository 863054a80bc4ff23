"""Where the dues stand in the menus, what the schedule does, and what the trail's verbs are called."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs
from portal.extensions.registry import DailyJob, NavigationItem, daily_jobs, navigation
from portal.organizations.duties import Duty

from .rules import MEMBERS
from .services import run_daily

ITEMS = (
    NavigationItem(
        code="my-dues",
        label=_("My dues"),
        url_name="members:dues:my-dues",
        section="me",
        group="own",
        order=30,
        icon="cash-coin",
        visible=lambda rights: rights.standing in MEMBERS,
    ),
    NavigationItem(
        code="dues",
        label=_("Party dues"),
        url_name="members:dues:month",
        section="work",
        group="people",
        order=45,
        icon="cash-coin",
        visible=lambda rights: rights.holds(Duty.COLLECT_DUES),
        prefixes=(
            "/members/dues/month/",
            "/members/dues/overview/",
            "/members/dues/statement/",
            "/members/dues/collect/",
            "/members/dues/people/",
            "/members/dues/ledgers/",
            "/members/dues/receipts/",
            "/members/dues/standards/",
        ),  # fmt: skip
    ),
    NavigationItem(
        code="dues-reductions",
        label=_("Reductions of dues"),
        url_name="members:dues:reduction-list",
        section="work",
        group="people",
        order=46,
        icon="clipboard-check",
        visible=lambda rights: rights.holds(Duty.APPROVE_REDUCTIONS),
        prefixes=("/members/dues/reductions/",),
    ),
)
VERBS = {
    "dues.ledger_opened": _("began to keep the dues of a branch"),
    "dues.standard_set": _("confirmed the base of dues"),
    "dues.revealed": _("looked at the base of dues"),
    "dues.recorded": _("recorded a payment of dues"),
    "dues.corrected": _("took a payment of dues back"),
    "dues.reduction_asked": _("asked for a reduction of dues"),
    "dues.reduction_approved": _("approved a reduction of dues"),
    "dues.reduction_refused": _("refused a reduction of dues"),
    "dues.exported": _("took a list of dues along"),
    "dues.receipt.exported": _("took a receipt of dues along"),
}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    daily_jobs.register(DailyJob(code="dues.reminders", run=run_daily, order=220))
    name_verbs(VERBS)
