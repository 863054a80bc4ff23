"""What the schedule tells of unpaid dues (domain.md 3.7, ``dues_unpaid``); each notice has a key, so none comes twice.

At the end of a month each member who has not paid is told; three months on, the clerks of the branch; five months on,
the committee above it. Each month in which it lasts tells once more.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.models import User
from portal.notifications.services import post
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationUserObjectPermission

from .. import notices
from ..months import as_text, last_day, month_of, shifted
from ..queries.facts import rules_on
from ..queries.owing import unsettled
from ..queries.tables import PersonMonth, month_under
from ..rules import Risk

# A schedule that slept through the end of the month tells it on one of the next days.
LATE_DAYS = 10


def run_daily(on: date) -> None:
    """Send what is due on a day."""
    remind_members(on)
    warn_branches(on)


def remind_members(on: date) -> None:
    """Tell whoever has not paid the month that ends today or has just ended: one statement for all."""
    month = month_of(on) if on == last_day(month_of(on)) else shifted(month_of(on), -1)
    if on - last_day(month) > timedelta(days=LATE_DAYS):
        return
    post(
        notices.UNPAID.code,
        key=f"dues_unpaid:{as_text(month)}",
        recipients=User.objects.filter(pk__in=unsettled(month).order_by().values("user")),
        params={"month": month, "back": rules_on(on).make_up_months},
        url=reverse("members:dues:my-dues"),
    )


def warn_branches(on: date) -> None:
    """Tell clerks of people three months behind, and committees of people five months behind, once each month."""
    month = shifted(month_of(on), -1)
    behind = [row for row in month_under([""], month, on=on) if row.risk != Risk.NONE]
    if not behind:
        return
    nodes = {node.path: node for node in Organization.objects.all()}
    clerks, approvers = _holders(Duty.COLLECT_DUES, on), _holders(Duty.APPROVE_REDUCTIONS, on)
    for path, count in Counter(row.branch for row in behind).items():
        _warn(notices.ARREARS.code, nodes, path, count, month, clerks, show="warned", name="branch")
    for path, count in _by_committee(behind, approvers).items():
        _warn(notices.RISK.code, nodes, path, count, month, approvers, show="near", name="committee")


def _holders(duty: Duty, on: date) -> dict[str, list[int]]:
    """Return who holds ``duty`` on which path: one statement."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = OrganizationUserObjectPermission.objects.filter(permission__codename=duty.value, user__is_active=True)
    rows = rows.exclude(until__lt=on)
    for path, user_id in rows.order_by("pk").values_list("content_object__path", "user_id"):
        found[path].append(user_id)
    return found


def _by_committee(behind: list[PersonMonth], approvers: dict[str, list[int]]) -> Counter[str]:
    """Count who is five months behind by the nearest node above the branch on which somebody answers for it."""
    found: Counter[str] = Counter()
    for row in behind:
        if row.risk == Risk.WARNED:
            continue
        path = row.branch[: -Organization.steplen]
        while path and path not in approvers:
            path = path[: -Organization.steplen]
        if path:
            found[path] += 1
    return found


def _warn(
    kind: str,
    nodes: dict[str, Organization],
    path: str,
    count: int,
    month: date,
    holders: dict[str, list[int]],
    *,
    show: str,
    name: str,
) -> None:
    node = nodes.get(path)
    if node is None or path not in holders:
        return
    query = urlencode({"organization": node.pk, "month": as_text(month), "show": show})
    post(
        kind,
        key=f"{kind}:{node.pk}:{as_text(month)}",
        recipients=holders[path],
        params={"count": count, name: str(node)},
        url=f"{reverse('members:dues:month')}?{query}",
    )
