"""What the schedule tells writers and readers (domain.md 3.7), and the secretary's one click.

Each reminder has a key: running a day twice, or a day late, tells nobody twice.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from members.models import Member
from portal.access.policy import holders
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.organizations.models import Organization

from .. import notices
from ..models import ThoughtReport
from ..rules import EDITION_2026_05, WRITERS, Quarter, latest_start, lead_on, weeks_overdue
from .reports import about, readers_of

OVERDUE_WEEKS_MAX = 4


def run_daily(on: date) -> None:
    """Send what is due on a day."""
    remind_writers(on)
    remind_readers(on)


def missing_writers(quarter: Quarter) -> QuerySet[Member]:
    """Return the people who owe a report for ``quarter`` and have not handed one in."""
    handed_in = ThoughtReport.objects.of(quarter).handed_in().filter(author=OuterRef("pk"))
    return (
        Member.objects.annotate(writer_since=Coalesce("activist_on", "standing_since"))
        .filter(standing__in=WRITERS, organization__isnull=False, writer_since__lte=latest_start(quarter))
        .filter(~Exists(handed_in))
    )


def remind_writers(on: date) -> None:
    """Remind writers before the quarter ends, and weekly after it of the one that has just passed."""
    quarter = Quarter.of(on)
    lead = lead_on(quarter, on)
    if lead is not None:
        _remind(quarter, key=f"thought_report_due:{quarter}:{lead}", kind=notices.DUE.code)
    week = weeks_overdue(quarter.previous.last_day, on)
    if week is not None and week < OVERDUE_WEEKS_MAX:
        _remind(quarter.previous, key=f"thought_report_overdue:{quarter.previous}:{week}", kind=notices.OVERDUE.code)


def _remind(quarter: Quarter, *, key: str, kind: str, people: QuerySet[Member] | None = None) -> int:
    people = missing_writers(quarter) if people is None else people
    return post(
        kind,
        key=key,
        recipients=User.objects.filter(pk__in=people.values("user_id")),
        params={"year": quarter.year, "quarter": quarter.number, "day": quarter.last_day},
        url=reverse("members:development:thought-report-write", args=[quarter.year, quarter.number]),
    )


@transaction.atomic
def remind_missing(organization: Organization, quarter: Quarter, *, by: User, on: date) -> int:
    """Remind everyone under ``organization`` who owes a report for ``quarter``; return how many were told today."""
    people = missing_writers(quarter).filter(organization__path__startswith=organization.path)
    kind = notices.OVERDUE.code if on > quarter.last_day else notices.DUE.code
    told = _remind(quarter, key=f"thought_report_asked:{quarter}:{on.isoformat()}", kind=kind, people=people)
    audit.record(
        "development.writers_reminded",
        organization,
        by=by,
        changes={"quarter": ["", str(quarter)], "people": [0, told]},
    )
    return told


def remind_readers(on: date) -> None:
    """Tell readers whose promised day has passed, weekly; from ``escalate_days`` on also those whose duty it is."""
    overdue = ThoughtReport.objects.with_people().waiting().filter(review__due_on__lt=on).order_by("pk")
    duty_holders: dict[int, list[int]] = {}
    for report in overdue.iterator(chunk_size=500):
        week = weeks_overdue(report.review.due_on, on) or 0
        key = f"thought_report_unread:{report.pk}:{report.review.version_count}:{week}"
        params = {**about(report, report.author), "due": report.review.due_on}
        url = reverse("members:development:thought-report-answer", args=[report.pk])
        post(notices.UNREAD.code, key=key, recipients=readers_of(report), params=params, url=url)
        if on < report.review.due_on + timedelta(days=EDITION_2026_05.escalate_days):
            continue
        place = report.author.organization_id
        if place not in duty_holders:
            duty_holders[place] = list(holders("answer", report).values_list("pk", flat=True))
        above = [pk for pk in duty_holders[place] if pk != report.author.user_id]
        post(notices.ESCALATED.code, key=f"{key}:escalated", recipients=above, params=params, url=url)
