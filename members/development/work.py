"""What thought reports put on a person's workbench."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, Rights
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty
from portal.organizations.models import Standing
from portal.reviews.rules import State

from .models import ShowcaseEntry, ShowcaseState, ThoughtReport
from .queries.reports import most_urgent
from .rules import WRITERS, Quarter, is_due

SHOWN = 5
COUNTED = 100


def reports_to_answer(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, most_urgent, on, COUNTED)
    items = [
        WorkItem(
            title=_("Answer the thought report of %(name)s (%(period)s)")
            % {"name": row.author.name, "period": row.period.words},
            url=reverse("members:development:thought-report-answer", args=[row.pk]),
            due_on=row.review.due_on,
        )
        for row in rows[:SHOWN]
    ]
    return WorkGroup(items, len(rows), reverse("members:development:thought-report-to-answer"))


def reports_to_write(user: User, on: date) -> WorkGroup:
    """Return what one's own hands still owe: texts to rewrite, and this quarter's and the last quarter's report."""
    now = Quarter.of(on)
    member = getattr(user, "member", None)
    if member is None:
        return WorkGroup([], 0)
    reports = {
        row.period: row
        for row in ThoughtReport.objects.select_related("review").filter(author=member, year__gte=now.year - 1)
    }
    items = []
    for period, row in sorted(reports.items()):
        if row.review.state == State.RETURNED:
            title = _("Rewrite your thought report for %(period)s") % {"period": period.words}
            items.append(WorkItem(title=title, url=row.get_absolute_url()))
    since = member.activist_on or member.standing_since
    for quarter in (now.previous, now):
        row = reports.get(quarter)
        if (row is None or row.review.state in (State.DRAFT, State.WITHDRAWN)) and is_due(quarter, writer_since=since):
            title = _("Write your thought report for %(period)s") % {"period": quarter.words}
            url = reverse("members:development:thought-report-write", args=[quarter.year, quarter.number])
            items.append(WorkItem(title=title, url=url, due_on=quarter.last_day))
    return WorkGroup(items[:SHOWN], len(items), reverse("members:development:my-thought-reports"))


def consents(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, _proposed, SHOWN)
    items = [
        WorkItem(
            title=_("Decide whether others may read “%(title)s”") % {"title": row.title},
            url=reverse("members:development:showcase-consent", args=[row.token]),
        )
        for row in rows
    ]
    return WorkGroup(items, len(items))


def _proposed(user: AnyUser, limit: int) -> QuerySet[ShowcaseEntry]:
    mine = ShowcaseEntry.objects.filter(state=ShowcaseState.PROPOSED, report__author__user_id=user.pk)
    return mine.only("token", "title").order_by("pk")[:limit]


def _may_read(rights: Rights) -> bool:
    return rights.holds(Duty.ANSWER_REPORTS) or rights.standing == Standing.FULL_MEMBER


def _writes(rights: Rights) -> bool:
    return rights.standing in WRITERS


def _has_record(rights: Rights) -> bool:
    return bool(rights.standing) and rights.standing not in (Standing.MASS, Standing.APPLICANT)


def register() -> None:
    for source in (
        WorkSource("thought-reports-to-write", gettext_lazy("Thought reports to write"), reports_to_write, 10, _writes),
        WorkSource(
            "thought-reports-to-answer", gettext_lazy("Thought reports to answer"), reports_to_answer, 20, _may_read,
            waits=lambda user, on, now: most_urgent(user, on, 1),
        ),
        WorkSource(
            "showcase-consents", gettext_lazy("Consent asked of you"), consents, 30, _has_record,
            waits=lambda user, on, now: _proposed(user, 1),
        ),
    ):  # fmt: skip
        work_sources.register(source)
