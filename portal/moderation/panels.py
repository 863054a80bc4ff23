"""What reports plug into the portal: a door for those who moderate, what waits for them, the daily round."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.prepared import ask_as, count_as
from portal.access.rights import AnyUser, Rights
from portal.accounts.models import User
from portal.extensions.registry import (
    DailyJob,
    NavigationItem,
    WorkGroup,
    WorkItem,
    WorkSource,
    daily_jobs,
    navigation,
    work_sources,
)
from portal.organizations.duties import Duty

from .models import FlaggedContent
from .queries import waiting_for
from .services import purge, run_daily

SHOWN = 5
COUNTED = 100


def moderates(rights: Rights) -> bool:
    """Say whether somebody moderates anywhere."""
    return rights.holds(Duty.MODERATE)


def _waiting(user: AnyUser, limit: int) -> QuerySet[FlaggedContent]:
    return waiting_for(user)[:limit]


def to_decide(user: User, on: date) -> WorkGroup:
    """Return the reports that wait for a decision, the promise that ends first on top."""
    rows = ask_as(user, _waiting, SHOWN + 1)
    count = len(rows) if len(rows) <= SHOWN else count_as(user, _waiting, COUNTED)
    items = [
        WorkItem(
            title=_("Decide about a report: %(title)s") % {"title": row.title},
            url=row.get_absolute_url(),
            due_on=row.due_on,
            note=str(row.organization),
        )
        for row in rows[:SHOWN]
    ]
    return WorkGroup(items, count, reverse("moderation:flagged-list"))


def _daily(on: date) -> None:
    run_daily(on)
    purge()


def register() -> None:
    navigation.register(
        NavigationItem(
            code="reports",
            label=gettext_lazy("Reports of abuse"),
            url_name="moderation:flagged-list",
            section="work",
            group="publishing",
            order=412,
            icon="flag",
            visible=moderates,
            prefixes=("/moderation/",),
        )
    )
    label = gettext_lazy("Reports of abuse")
    work_sources.register(
        WorkSource(
            "reports-to-decide", label, to_decide, 35, moderates, waits=lambda user, on, now: _waiting(user, 1)
        )
    )
    daily_jobs.register(DailyJob(code="moderation.daily", run=_daily, order=505))
