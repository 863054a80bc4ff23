"""Let branches begin to keep their dues in the portal."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from ..models import DuesLedger
from ..months import as_text, distance, in_words, month_of
from ..queries.facts import rules_on
from ..queries.tables import collecting_branches
from ..rules import COLLECTING


@transaction.atomic
def open_ledgers(node: Organization, *, month: date, by: User | None, on: date) -> list[DuesLedger]:
    """Begin the dues of every branch on or under ``node`` that does not keep them yet, from ``month`` on.

    Raises ``RuleError`` where no branch collects (temporary branches do not), where all have begun, and for a month
    ahead or longer ago than dues can be made up.
    """
    month, back = month_of(month), rules_on(on).make_up_months
    if month > month_of(on) or distance(month, month_of(on)) > back:
        raise RuleError(
            _("Begin with a month from %(back)d months ago up to this one; %(month)s is not.")
            % {"back": back, "month": in_words(month)}
        )
    branches = list(collecting_branches(node, on=on).filter(closed_on=None, dues_ledger=None))
    if not branches:
        if node.is_branch and node.org_type not in COLLECTING:
            raise RuleError(_("A branch of this type does not collect dues: its people pay where their relation is."))
        raise RuleError(_("Every branch here keeps its dues already."))
    DuesLedger.objects.bulk_create(
        [DuesLedger(organization=branch, since=month, opened_by=by) for branch in branches],
        batch_size=500,
        ignore_conflicts=True,
    )
    made = list(DuesLedger.objects.filter(organization__in=branches).select_related("organization"))
    audit.record_many(
        "dues.ledger_opened",
        [(DuesLedger, row.pk, str(row), None, {"month": ["", as_text(month)]}, row.organization_id) for row in made],
        by=by,
    )
    return made
