"""The grid person × quarter: who has handed in, whose text waits, what is missing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from members.models import Member
from portal.access.policy import duty_scope
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from ..models import ThoughtReport
from ..rules import WRITERS, Cell, Mark, Quarter, cell_of, latest_start, marks_of


@dataclass(frozen=True, slots=True)
class GridCell:
    """One person in one quarter; ``report`` is set when there is something to open."""

    quarter: Quarter
    cell: Cell
    marks: tuple[Mark, ...]
    report: ThoughtReport | None


@dataclass(frozen=True, slots=True)
class GridRow:
    member: Member
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class BranchRow:
    """One organization in one quarter: how many owe a report, and how far they are."""

    organization: Organization
    due: int
    accepted: int
    waiting: int
    returned: int

    @property
    def missing(self) -> int:
        return max(self.due - self.accepted - self.waiting - self.returned, 0)


def quarters_of(year: int) -> list[Quarter]:
    return [Quarter(year, number) for number in range(1, 5)]


def grid_nodes(user: User) -> QuerySet[Organization]:
    """Return the organizations whose grid ``user`` may see."""
    return duty_scope(user, Duty.ANSWER_REPORTS)


def writers_in(organization: Organization) -> QuerySet[Member]:
    """Return the people directly in ``organization`` who write reports."""
    return Member.objects.with_person().filter(organization=organization, standing__in=WRITERS).order_by("user__number")


def grid(members: list[Member], year: int, *, on: date) -> list[GridRow]:
    """Return the rows of the grid for ``members`` in ``year``: one query."""
    reports: dict[tuple[int, Quarter], ThoughtReport] = {}
    days: dict[int, list[tuple[Quarter, date]]] = {}
    rows = ThoughtReport.objects.select_related("review").filter(
        author__in=[member.pk for member in members], year__in=[year - 1, year]
    )
    for report in rows.handed_in():
        reports[report.author_id, report.period] = report
        days.setdefault(report.author_id, []).append((report.period, report.first_submitted_on))
    return [
        GridRow(
            member,
            tuple(
                _cell(quarter, member, reports.get((member.pk, quarter)), days.get(member.pk, []), on)
                for quarter in quarters_of(year)
            ),
        )
        for member in members
    ]


def _cell(
    quarter: Quarter, member: Member, report: ThoughtReport | None, days: list[tuple[Quarter, date]], on: date
) -> GridCell:
    cell = cell_of(
        quarter,
        state=report.review.state if report else None,
        writer_since=member.activist_on or member.standing_since,
        on=on,
    )
    marks: list[Mark] = []
    if report and report.first_submitted_on:
        marks = marks_of(
            quarter,
            submitted_on=report.first_submitted_on,
            characters=report.characters,
            previous_on=max((day for earlier, day in days if earlier < quarter), default=None),
        )
    return GridCell(quarter, cell, tuple(marks), report)


def branches(below: Organization, quarter: Quarter) -> list[BranchRow]:
    """Return the branches under a committee with their numbers for ``quarter``: three queries."""
    nodes = {
        node.pk: node for node in Organization.objects.below(below).branches().filter(closed_on=None).order_by("path")
    }
    due = dict(
        Member.objects.annotate(writer_since=Coalesce("activist_on", "standing_since"))
        .filter(
            organization__path__startswith=below.path, standing__in=WRITERS, writer_since__lte=latest_start(quarter)
        )
        .order_by()
        .values("organization_id")
        .annotate(count=Count("pk"))
        .values_list("organization_id", "count")
    )
    reports = (
        ThoughtReport.objects.of(quarter)
        .handed_in()
        .filter(author__organization__path__startswith=below.path, author__standing__in=WRITERS)
        .order_by()
        .values(place=F("author__organization_id"))
        .annotate(
            accepted=Count("pk", filter=Q(review__state__in=["accepted", "published"])),
            waiting=Count("pk", filter=Q(review__state__in=["submitted", "under_review"])),
            returned=Count("pk", filter=Q(review__state="returned")),
        )
    )
    counted = {row["place"]: row for row in reports}
    nothing = {"accepted": 0, "waiting": 0, "returned": 0}
    return [
        BranchRow(
            node,
            due.get(pk, 0),
            **{name: counted.get(pk, nothing)[name] for name in nothing},
        )
        for pk, node in nodes.items()
    ]
