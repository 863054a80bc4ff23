"""Lists of reports: one's own, those that wait for a person, those a person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from members.models import Member
from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.drafts.models import Draft

from ..models import CultivationContact, ShowcaseEntry, ThoughtReport
from ..rules import EDITION_2026_05, WRITERS, Quarter, draft_key, is_due, oldest_quarter


@dataclass(frozen=True, slots=True)
class OwnQuarter:
    """One quarter as its writer sees it: the report if there is one, and whether a text is begun."""

    quarter: Quarter
    report: ThoughtReport | None
    begun: bool
    due: bool

    @property
    def is_writable(self) -> bool:
        return self.report is None or self.report.review.is_writable


def member_of(user: User) -> Member | None:
    """Return the archive of ``user``; accounts of the portal's own service have none."""
    return Member.objects.with_person().filter(user=user).first()


def own_reports(member: Member) -> QuerySet[ThoughtReport]:
    """Return every report of one person that was ever handed in, the newest first."""
    return ThoughtReport.objects.select_related("review").filter(author=member).exclude(first_submitted_on=None)


def showcase_of(report: ThoughtReport) -> ShowcaseEntry | None:
    """Return what became of proposing ``report``, for those who may read it."""
    return ShowcaseEntry.objects.filter(report=report).first()


def open_quarters(member: Member, on: date) -> list[OwnQuarter]:
    """Return the quarters for which ``member`` may write on a day, the present one first: two queries."""
    if member.standing not in WRITERS:
        return []
    since, oldest = member.activist_on or member.standing_since, oldest_quarter(on)
    reports = {
        report.period: report
        for report in ThoughtReport.objects.select_related("review").filter(author=member, year__gte=oldest.year)
    }
    begun = set(
        Draft.objects.filter(user_id=member.user_id, key__startswith="thought-report.").values_list("key", flat=True)
    )
    found, quarter = [], Quarter.of(on)
    while quarter >= oldest:
        report, has_draft = reports.get(quarter), draft_key(quarter) in begun
        due = is_due(quarter, writer_since=since)
        if quarter == Quarter.of(on) or report or has_draft or due:
            found.append(OwnQuarter(quarter, report, has_draft, due))
        quarter = quarter.previous
    return found


def readable(user: AnyUser) -> QuerySet[ThoughtReport]:
    """Return the handed-in reports ``user`` may read, as a list shows them."""
    return scope(user, "view", ThoughtReport).handed_in().listed()


def to_answer(user: AnyUser, on: date) -> QuerySet[ThoughtReport]:
    """Return what waits for the answer of ``user``: as contact, or by duty where nobody else is or answers in time."""
    contacts = CultivationContact.objects.current().filter(person=OuterRef("author"))
    left_alone = Q(~Exists(contacts)) | Q(review__due_on__lt=on - timedelta(days=EDITION_2026_05.escalate_days))
    mine = Q(Exists(contacts.filter(contact__user_id=user.pk)))
    return scope(user, "answer", ThoughtReport).waiting().filter(mine | left_alone).listed()


def most_urgent(user: AnyUser, on: date, limit: int) -> QuerySet[ThoughtReport]:
    """Return what waits for the answer of ``user``, the soonest promised first, at most ``limit``."""
    return to_answer(user, on).order_by("review__due_on", "pk")[:limit]


def previous_days(reports: Iterable[ThoughtReport]) -> dict[int, date]:
    """Return for each report the day on which its author handed in the one before, where there is one: one query."""
    reports = list(reports)
    days: dict[int, list[tuple[Quarter, date]]] = {}
    rows = ThoughtReport.objects.filter(author_id__in={report.author_id for report in reports}).exclude(
        first_submitted_on=None
    )
    for author_id, year, quarter, day in rows.values_list("author_id", "year", "quarter", "first_submitted_on"):
        if day:
            days.setdefault(author_id, []).append((Quarter(year, quarter), day))
    found = {}
    for report in reports:
        earlier = [day for quarter, day in days.get(report.author_id, ()) if quarter < report.period]
        if earlier:
            found[report.pk] = max(earlier)
    return found
